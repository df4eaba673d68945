title="hostPort from an external client, broken: the destination is not translated"

break_it() {
  on node1 iptables -t nat -F CNI-HOSTPORT-DNAT
}

story() {
  cat <<'STORY'
As hostport-external (source ports 41001, 41002), after `iptables -t nat -F CNI-HOSTPORT-DNAT` on node1. The SYN is for node1
itself, where nothing listens on 9000: node1 answers RST (TTL 64 at its eth0, 63 at the client). Neither cni0 nor the veth nor
the pod shows anything of it.
STORY
}

traffic() {
  http client 41001 10.20.32.204:9000 refused
  gap
  http client 41002 10.20.32.204:9000 refused
}
