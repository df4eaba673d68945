title="hostPort from another pod on the same node"
takes_part=(p1b)
cni0_options=(-p)

story() {
  cat <<'STORY'
p1b asks 10.20.32.204:9000 twice (source ports 41001, 41002). node1 translates the destination to p1a and, because portmap
marks its whole pod subnet, masquerades the source: p1a sees 10.233.1.1, port kept, TTL 64 (bridged, not routed). Without
that p1a would answer its neighbour p1b directly over the bridge and p1b would not know the answer.
STORY
}

traffic() {
  http p1b 41001 10.20.32.204:9000 10.233.1.1
  gap
  http p1b 41002 10.20.32.204:9000 10.233.1.1
}
