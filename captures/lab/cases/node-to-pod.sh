title="a process on the node dials pods by their own addresses"
takes_part=(node2 p2a)
any_sll=

story() {
  cat <<'STORY'
Processes on the nodes dial pods themselves, as a kubelet's probe or a metrics scraper does. The kernel takes the source address that the
route's device has: cni0's for a pod of the same node, flannel.1's for one behind the VXLAN. A process that binds to the node's own
address keeps it towards its own pods; towards another node's pods flannel's last rule masquerades it to flannel.1's.

| source port | who asks | what | server sees | TTL |
| --- | --- | --- | --- | --- |
| 41001 | a process on node1 | p1a, 10.233.1.2:8080 | 10.233.1.1 | 64 |
| 41002 | a process on node1, bound to 10.20.32.204 | p1a, 10.233.1.2:8080 | 10.20.32.204 | 64 |
| 41003 | a process on node1 | p2a, 10.233.2.2:8080 | 10.233.1.0 | 63 |
| 41004 | a process on node1, bound to 10.20.32.204 | p2a, 10.233.2.2:8080 | 10.233.1.0, random port | 63 |
| 41005 | a process on node2 | p1a, 10.233.1.2:8080 | 10.233.2.0 | 63 |

A checker must find: 41001 and 41002 on cni0 and p1a's veth alone; 41003 to 41005 in VXLAN between the nodes and on both
nodes' flannel.1, never bare on eth0. 10.233.1.0 looks like a network's address and is a host's. What 41004 was before the
masquerade no capture shows.
STORY
}

start_servers() {
  serve_http p1a 8080
  serve_http p2a 8080
}

traffic() {
  http node1 41001 10.233.1.2:8080 10.233.1.1
  http_bound node1 10.20.32.204 41002 10.233.1.2:8080 10.20.32.204
  http node1 41003 10.233.2.2:8080 10.233.1.0
  http_bound node1 10.20.32.204 41004 10.233.2.2:8080 10.233.1.0
  http node2 41005 10.233.1.2:8080 10.233.2.0
}
