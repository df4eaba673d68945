title="hostPort, collected by Microsoft Retina on both nodes"
source "$LAB_DIR/bundles.sh"
takes_part=(node2 p1b)

start_captures() { retina_points node1 node2; }
save_state() { retina_state; }
pack_bundle() { pack_retina; }

story() {
  cat <<'STORY'
hostPort 9000 of p1a on node1, and nothing but what `kubectl retina capture create` brings: an archive of each node with one
`tcpdump -i any` of the node's own namespace, `iptables-save` without counters, addresses, routes and /proc. No capture in
a pod, no topology. All dial 10.20.32.204:9000.

| source port | who asks | pod sees |
| --- | --- | --- |
| 41001, 41002 | client | 198.51.100.79, TTL 62 |
| 41003 | a process on node2 | 10.20.32.205, TTL 63 |
| 41004 | p1b | 10.233.1.1, random port, TTL 64 |

A checker must find: the client's address reaches p1a; the pod on the same node is masqueraded, as portmap's rules say.
`topology.yaml` is who they were, for comparison: Retina brings none.
STORY
}

traffic() {
  http client 41001 10.20.32.204:9000 198.51.100.79
  http client 41002 10.20.32.204:9000 198.51.100.79
  http node2 41003 10.20.32.204:9000 10.20.32.205
  http p1b 41004 10.20.32.204:9000 10.233.1.1
}
