title="a pod dials a server outside the cluster"
takes_part=(node2 p1b p2a)
any_sll=

story() {
  cat <<'STORY'
The client machine runs a server, 198.51.100.79:80, and pods dial it. Each node's flannel masquerades what its own pods send out of
the cluster: the server sees the node's address and a random port (`--random-fully`).

| source port | who asks | what | server sees | TTL |
| --- | --- | --- | --- | --- |
| 41001 | p1a | 198.51.100.79:80 | 10.20.32.204, random port | 62 |
| 41002 | p1b | 198.51.100.79:80 | 10.20.32.204, random port | 62 |
| 41003 | p2a | 198.51.100.79:80 | 10.20.32.205, random port | 62 |
| 41004 | a process on node1 | 198.51.100.79:80 | 10.20.32.204, port kept | 63 |

A checker must find: the pod's address on its eth0, its veth and cni0; its node's on eth0 and at the server; the pod's address
nowhere outside the node. On cni0 the answers have the pod as destination already when they leave by it. What a process of node1
itself sends is not a pod's and is not translated.
STORY
}

start_servers() {
  serve_http p1a 8080
  serve_http client 80
}

traffic() {
  http p1a 41001 198.51.100.79:80 10.20.32.204
  http p1b 41002 198.51.100.79:80 10.20.32.204
  http p2a 41003 198.51.100.79:80 10.20.32.205
  http node1 41004 198.51.100.79:80 10.20.32.204
}
