title="hostNetwork pod, asked by pods"
takes_part=(p1b node2 p2a)
any_sll=

start_servers() {
  serve_http p1a 8080
  serve_http node1 8081
}

extra_pods() {
  echo "  - { name: hostweb, node: node1, address: 10.20.32.204, hostNetwork: true, ports: [8081] }"
}

story() {
  cat <<'STORY'
The pod hostweb has hostNetwork and listens on 10.20.32.204:8081.

| source port | who asks | what | server sees | TTL |
| --- | --- | --- | --- | --- |
| 41001, 41002 | p1b, same node | 10.20.32.204:8081 | 10.233.1.3, port kept | 64 |
| 41003 | p1b, same node | 10.233.1.1:8081, cni0's own address | 10.233.1.3, port kept | 64 |
| 41004, 41005 | p2a on node2 | 10.20.32.204:8081 | 10.20.32.205, random port | 63 |

A checker must find: of p1b's connections nothing is translated (node1 delivers them to itself, past POSTROUTING), they are on
p1b's eth0, its veth and cni0, and not on eth0. p2a's leave its node, so node2's flannel masquerades them; they are bare on
both nodes' eth0, not in VXLAN, and on nothing behind node1's eth0.
STORY
}

traffic() {
  http p1b 41001 10.20.32.204:8081 10.233.1.3
  http p1b 41002 10.20.32.204:8081 10.233.1.3
  http p1b 41003 10.233.1.1:8081 10.233.1.3
  http p2a 41004 10.20.32.204:8081 10.20.32.205
  http p2a 41005 10.20.32.204:8081 10.20.32.205
}
