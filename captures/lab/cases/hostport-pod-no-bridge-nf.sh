title="hostPort from another pod on the same node, without bridge-nf-call-iptables"
takes_part=(p1b)
cni0_options=(-p)

start_servers() {
  serve_http p1a 8080
  on node1 sysctl -qw net.bridge.bridge-nf-call-iptables=0
}

story() {
  cat <<'STORY'
As hostport-pod-same-node (source ports 41001, 41002), with net.bridge.bridge-nf-call-iptables=0 on node1: bridged packets do
not pass iptables. The request still works, since it is addressed to the node and routed: the rules apply to it on its way in
and out of cni0, and p1a sees 10.233.1.1 with TTL 63 instead of 64. A router was crossed and the address is the bridge's, which
elsewhere is what a needless masquerade looks like.
STORY
}

traffic() {
  http p1b 41001 10.20.32.204:9000 10.233.1.1
  gap
  http p1b 41002 10.20.32.204:9000 10.233.1.1
}
