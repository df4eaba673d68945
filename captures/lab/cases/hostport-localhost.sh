title="hostPort from a process on the node, through 127.0.0.1"

story() {
  cat <<'STORY'
A process on node1 asks 127.0.0.1:9000 twice (source ports 41001, 41002). node1 translates the destination in OUTPUT and,
because the source is 127.0.0.1, masquerades the connection on its way out of cni0: the pod sees 10.233.1.1, port kept,
TTL 64. Nothing shows on lo: the translation reroutes the packet before a device is reached. Of each connection cni0 shows
the request fully translated, 10.233.1.1:41001 to 10.233.1.2:8080, but the reply half restored,
10.233.1.2:8080 to 127.0.0.1:41001; the veth and the pod show what was on the wire. node1's eth0 and the client see nothing.
STORY
}

traffic() {
  http node1 41001 127.0.0.1:9000 10.233.1.1
  gap
  http node1 41002 127.0.0.1:9000 10.233.1.1
}
