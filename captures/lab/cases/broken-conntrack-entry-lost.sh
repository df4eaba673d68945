title="NodePort, broken: the conntrack entry of a connection is lost"
service_case
service default/web cluster_ip=10.96.0.10 node_port=30080 target_port=8081 endpoints=p1a
service default/shop cluster_ip=10.96.0.20 node_port=30081 target_port=8081 external_policy=Local endpoints=p1a

break_it() {
  ip netns exec "$LAB-p1a" socat TCP4-LISTEN:8081,fork,reuseaddr,backlog=16 \
    SYSTEM:'while read -r line; do [ "$line" = later ] && sleep 1; echo "heard $line"; done' 2>"$WORK/talk.err" &
  BACKGROUND+=($!)
  wait_for_socket p1a tcp 8081
}

story() {
  cat <<'STORY'
Connections of two lines each, to NodePorts of node1 whose one endpoint is p1a:8081; the server repeats each line. Between the lines of
all but the first connection its entry is deleted with `conntrack -D --orig-port-src PORT` on node1, as a flush or a full table
does. The next packet begins a new entry from the middle of the connection (nf_conntrack_tcp_loose) and walks the rules anew.

| source port | who asks | what | first after the loss | what becomes of it |
| --- | --- | --- | --- | --- |
| 41001 | client | 10.20.32.204:30080 (Cluster) | nothing is lost | both lines repeated |
| 41002 | client | 10.20.32.204:30080 (Cluster) | client | masqueraded to another port: p1a does not know it, RST |
| 41003 | client | 10.20.32.204:30081 (Local) | p1a | comes from 10.20.32.204 and a random port (flannel's masquerade); RST by the client, whose own FIN is INVALID then and meets an RST of node1 |
| 41004 | client | 10.20.32.204:30081 (Local) | client | translated as before, since there is one endpoint: both lines repeated |

A checker must find: the pod's side of 41002 changing its port in mid-connection, and the answer of 41003 leaving node1 from a port
nobody dialled; 41001 and 41004 are healthy.
STORY
}

# talk SOURCE-PORT NODE-PORT SECOND-LINE HEARD: "one", then SECOND-LINE after 0.8 s; the connection lasts 1.6 s more.
talk() {
  local heard
  heard=$({ echo one; sleep 0.8; echo "$3"; sleep 1.6; } |
    on client socat -t 0.2 - "TCP4:10.20.32.204:$2,sourceport=$1" 2>/dev/null | xargs) || true
  expect "client:$1 hears" "$4" "$heard"
}

# lose SOURCE-PORT SECONDS: after SECONDS node1 forgets the connection.
lose() {
  sleep "$2"
  on node1 conntrack -D -p tcp --orig-port-src "$1" >/dev/null 2>&1
}

traffic() {
  talk 41001 30080 two "heard one heard two"
  lose 41002 0.4 &
  talk 41002 30080 two "heard one"
  lose 41003 1.2 &
  talk 41003 30081 later "heard one"
  lose 41004 0.4 &
  talk 41004 30081 two "heard one heard two"
}
