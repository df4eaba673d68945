title="pods across nodes, broken: VXLAN does not get into node2"
takes_part=(p1b node2 p2a)
any_sll=
connect_seconds=2

start_servers() {
  serve_http p1a 8080
  serve_http p2a 8080
}

break_it() {
  on node2 iptables -I INPUT -p udp -m udp --dport 8472 -j DROP
}

control() {
  http node1 "$1" 10.233.1.2:8080 10.233.1.1
  http node2 "$(($1 + 100))" 10.233.2.2:8080 10.233.2.1
}

story() {
  cat <<'STORY'
As pod-to-pod-other-node, after `iptables -I INPUT -p udp --dport 8472 -j DROP` on node2, a host firewall that does not know the overlay.

| source port | who asks | what | outcome |
| --- | --- | --- | --- |
| 41001 | p1b | p2a, 10.233.2.2:8080 | timeout; the SYN is in VXLAN on both nodes' eth0, never on node2's flannel.1 |
| 41002 | p2a | p1a, 10.233.1.2:8080 | timeout; the SYN reaches p1a, p1a's SYN-ACK ends at node2's eth0 in VXLAN |
| 41003 | a process on node1 | p2a, 10.233.2.2:8080 | timeout, as 41001; source 10.233.1.0 |

A checker must find: in both directions the last point is node2's eth0 (in VXLAN), the first without is node2's flannel.1. Besides the
control requests to p1a, node2 asks p2a from 40101 and 40102: p2a is well.
STORY
}

traffic() {
  http p1b 41001 10.233.2.2:8080 timeout
  http p2a 41002 10.233.1.2:8080 timeout
  http node1 41003 10.233.2.2:8080 timeout
}
