title="hostPort, collected by KubeSkoop in the pod and on its node"
source "$LAB_DIR/bundles.sh"

start_captures() { kubeskoop_points node1 p1a; }
save_state() { :; }
pack_bundle() { pack_kubeskoop; }

story() {
  cat <<'STORY'
The client asks hostPort 9000 of p1a on node1 (source ports 41001, 41002), and KubeSkoop has captured both sides: `tcpdump -i any` in
the pod's namespace and on its node, packed with the /tmp they lay in. No state, no topology. The pod sees 198.51.100.79, TTL 62.
`topology.yaml` is who they were, for comparison: KubeSkoop brings none.
STORY
}

traffic() {
  http client 41001 10.20.32.204:9000 198.51.100.79
  gap
  http client 41002 10.20.32.204:9000 198.51.100.79
}
