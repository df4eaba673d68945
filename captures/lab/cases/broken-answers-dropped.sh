title="ClusterIP, broken: answers of one endpoint are dropped once they carry data"
service_case
service default/web cluster_ip=10.96.0.10 port_name=http "endpoints=p1a"
service default/far cluster_ip=10.96.0.20 port_name=http "endpoints=p2a"

break_it() {
  on node2 iptables -I FORWARD -i cni0 -p tcp --sport 8080 --tcp-flags PSH PSH -j DROP
}

story() {
  cat <<'STORY'
node2 drops what p2a sends as soon as it carries data (`-A FORWARD -i cni0 -p tcp --sport 8080 --tcp-flags PSH PSH -j DROP`), as a
path with too small an MTU does. The handshake passes, the request arrives, and p2a repeats its answer until the client gives up;
its bare acknowledgements pass and carry the sequence number behind the answer that nobody got.

| source port | who asks | what | what becomes of it |
| --- | --- | --- | --- |
| 41001 | p1b | 10.96.0.10:80, endpoint p1a | answered |
| 41002, 41003 | p1b | 10.96.0.20:80, endpoint p2a | connected, the request arrives, no answer: timeout |

A checker must find: 41001 healthy; 41002 and 41003 delivered and accepted, and p2a's data at node2's cni0 and nowhere behind it.
STORY
}

traffic() {
  http p1b 41001 10.96.0.10:80 10.233.1.3
  http p1b 41002 10.96.0.20:80 timeout
  http p1b 41003 10.96.0.20:80 timeout
}
