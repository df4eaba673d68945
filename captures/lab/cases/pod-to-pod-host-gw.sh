title="pods across nodes, routed over the nodes' own link (host-gw)"
takes_part=(p1b node2 p2a)
any_sll=

# flannel's host-gw backend: no interface, a route to each other node's pods by that node.
make_flannel() {
  local node=$1 number=$3
  local other=$((3 - number))
  ip -n "$LAB-$node" route add "10.233.$other.0/24" via "10.20.32.$((203 + other))" dev eth0
}

extra_topology() {
  echo "podNetwork: { backend: host-gw, masquerade: flannel }"
}

start_servers() {
  serve_http p1a 8080
  serve_http p2a 8080
}

story() {
  cat <<'STORY'
Flannel's backend is host-gw here: no VXLAN and no flannel.1, each node has a route to the other's pods by the other's eth0. Pods'
addresses are bare on both nodes' eth0, and that is right.

| source port | who asks | what | server sees | TTL |
| --- | --- | --- | --- | --- |
| 41001, 41002 | p2a | p1a, 10.233.1.2:8080 | 10.233.2.2, port kept | 62 |
| 41003 | p1b | p2a, 10.233.2.2:8080 | 10.233.1.3, port kept | 62 |
| 41004 | a process on node1 | p2a, 10.233.2.2:8080 | 10.20.32.204, random port | 63 |

A checker must find: nothing translated between pods, TTL 64 at the sender, 63 on eth0 of both nodes, 62 at the receiver. A process of
node1 has eth0's address by the route; flannel's last rule masquerades it to the same address, so only its port changes, and no
capture shows the one it was sent with.
STORY
}

traffic() {
  http p2a 41001 10.233.1.2:8080 10.233.2.2
  http p2a 41002 10.233.1.2:8080 10.233.2.2
  http p1b 41003 10.233.2.2:8080 10.233.1.3
  http node1 41004 10.233.2.2:8080 10.20.32.204
}
