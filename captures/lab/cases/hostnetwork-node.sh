title="hostNetwork pod, asked by processes on nodes"
takes_part=(node2)
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
The pod hostweb has hostNetwork and listens on 10.20.32.204:8081. Nobody's address is translated.

| source port | who asks | what | server sees | TTL | seen on |
| --- | --- | --- | --- | --- | --- |
| 41001, 41002 | a process on node2 | 10.20.32.204:8081 | 10.20.32.205 | 64 | both nodes' eth0 |
| 41003, 41004 | a process on node1 | 10.20.32.204:8081 | 10.20.32.204 | 64 | node1's lo |
| 41005, 41006 | a process on node1 | 127.0.0.1:8081 | 127.0.0.1 | 64 | node1's lo |

A checker must find: 41003 to 41006 on lo alone, addresses as dialled; node1's own address does not make them come by eth0.
STORY
}

traffic() {
  http node2 41001 10.20.32.204:8081 10.20.32.205
  http node2 41002 10.20.32.204:8081 10.20.32.205
  http node1 41003 10.20.32.204:8081 10.20.32.204
  http node1 41004 10.20.32.204:8081 10.20.32.204
  http node1 41005 127.0.0.1:8081 127.0.0.1
  http node1 41006 127.0.0.1:8081 127.0.0.1
}
