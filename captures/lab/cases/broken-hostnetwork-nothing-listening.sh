title="hostNetwork pod, broken: nothing listens"
takes_part=(p1b node2)
any_sll=

extra_pods() {
  echo "  - { name: hostweb, node: node1, address: 10.20.32.204, hostNetwork: true, ports: [8081] }"
}

story() {
  cat <<'STORY'
As hostnetwork-external and hostnetwork-pod, but hostweb's server does not run.

| source port | who asks | what | outcome |
| --- | --- | --- | --- |
| 41001, 41002 | client | 10.20.32.204:8081 | RST from node1, TTL 64 at its eth0, 63 at the client |
| 41003 | a process on node2 | 10.20.32.204:8081 | RST from node1, TTL 64 |
| 41004 | p1b | 10.20.32.204:8081 | RST from node1, on cni0 and p1b's veth, TTL 64 |
| 41005 | a process on node1 | 10.20.32.204:8081 | RST on lo |

A checker must find: the node itself refuses, which for a hostNetwork pod is the pod: there is no point further in to look at.
STORY
}

traffic() {
  http client 41001 10.20.32.204:8081 refused
  http client 41002 10.20.32.204:8081 refused
  http node2 41003 10.20.32.204:8081 refused
  http p1b 41004 10.20.32.204:8081 refused
  http node1 41005 10.20.32.204:8081 refused
}
