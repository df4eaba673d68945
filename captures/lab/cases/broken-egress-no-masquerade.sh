title="a pod dials a server outside, broken: its address is not translated"
takes_part=(p1b node2 p2a)
any_sll=
connect_seconds=2

start_servers() {
  serve_http p1a 8080
  serve_http client 80
}

break_it() {
  on node1 iptables -t nat -D FLANNEL-POSTRTG -s 10.233.0.0/16 ! -d 224.0.0.0/4 \
    -m comment --comment "flanneld masq" -j MASQUERADE --random-fully
}

story() {
  cat <<'STORY'
As pod-egress, after flannel's masquerade for what leaves the cluster was deleted on node1 (as another program's `iptables-restore` does).
node2 still has its rule.

| source port | who asks | what | outcome |
| --- | --- | --- | --- |
| 41001 | p1a | 198.51.100.79:80 | timeout |
| 41002 | p1b | 198.51.100.79:80 | timeout |
| 41003 | p2a | 198.51.100.79:80 | answered; the server sees 10.20.32.205, random port |
| 41004 | a process on node1 | 198.51.100.79:80 | answered; the server sees 10.20.32.204, port kept |

A checker must find: pods' own addresses, 10.233.1.2 and 10.233.1.3, on node1's eth0 and at the server. The server answers them, nobody between
knows the way back: the router tells the server so (ICMP 3/0, 198.51.100.1), and of the answers node1's eth0 shows nothing.
STORY
}

traffic() {
  http p1a 41001 198.51.100.79:80 timeout
  http p1b 41002 198.51.100.79:80 timeout
  http p2a 41003 198.51.100.79:80 10.20.32.205
  http node1 41004 198.51.100.79:80 10.20.32.204
}
