title="hostPort from a process on another node"
takes_part=(node2)

story() {
  cat <<'STORY'
A process on node2 asks 10.20.32.204:9000 twice (source ports 41001, 41002). node1 translates the destination and leaves the
source alone: p1a sees 10.20.32.205 with its port, TTL 63. It is the path of an outside client without the router.
STORY
}

traffic() {
  http node2 41001 10.20.32.204:9000 10.20.32.205
  gap
  http node2 41002 10.20.32.204:9000 10.20.32.205
}
