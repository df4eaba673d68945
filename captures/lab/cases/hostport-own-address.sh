title="hostPort from a process on the node, through the node's own address"

story() {
  cat <<'STORY'
A process on node1 asks 10.20.32.204:9000 twice (source ports 41001, 41002). The destination is translated in OUTPUT; the
source is neither a pod nor 127.0.0.1, so it is not marked and stays: p1a sees 10.20.32.204, port kept, TTL 64. Nothing shows
on lo or eth0.
STORY
}

traffic() {
  http node1 41001 10.20.32.204:9000 10.20.32.204
  gap
  http node1 41002 10.20.32.204:9000 10.20.32.204
}
