title="hostPort of its own, from inside the pod, broken: hairpin mode is off"
cni0_options=(-p)

break_it() {
  bridge -n "$LAB-node1" link set dev "${POD_VETH[p1a]}" hairpin off
}

story() {
  cat <<'STORY'
As hostport-hairpin (source ports 41001, 41002), after `bridge link set dev VETH hairpin off` for p1a's veth on node1. The
bridge may not send a frame out of the port it came in on: p1a repeats its SYN to 10.20.32.204:9000 and nothing comes back. The
client gives up after 5 seconds.
STORY
}

traffic() {
  http p1a 41001 10.20.32.204:9000 timeout
  gap
  http p1a 41002 10.20.32.204:9000 timeout
}
