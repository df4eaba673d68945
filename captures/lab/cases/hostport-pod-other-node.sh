title="hostPort from a pod on another node"
takes_part=(node2 p2a)

story() {
  cat <<'STORY'
p2a on node2 asks 10.20.32.204:9000 twice (source ports 41001, 41002). A node's address is outside the pod network, so flannel
on node2 masquerades p2a to 10.20.32.205 with a random port and the request does not use the VXLAN. node1 translates the
destination and leaves that source alone: p1a sees 10.20.32.205, the random port, TTL 62.
STORY
}

traffic() {
  http p2a 41001 10.20.32.204:9000 10.20.32.205
  gap
  http p2a 41002 10.20.32.204:9000 10.20.32.205
}
