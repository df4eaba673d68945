title="hostPort from an external client, broken: a rule masquerades everything from outside"

break_it() {
  on node1 iptables -t nat -A POSTROUTING ! -s 10.233.0.0/16 -d 10.233.1.0/24 -j MASQUERADE
}

story() {
  cat <<'STORY'
As hostport-external (source ports 41001, 41002), after
`iptables -t nat -A POSTROUTING ! -s 10.233.0.0/16 -d 10.233.1.0/24 -j MASQUERADE` on node1. The client gets its answers, but
the pod sees 10.233.1.1 instead of 198.51.100.79, port kept, TTL 62: a packet that was routed twice yet claims to come from the
bridge next to the pod. cni0 shows the request from 10.233.1.1 and the reply already addressed to 198.51.100.79.
STORY
}

traffic() {
  http client 41001 10.20.32.204:9000 10.233.1.1
  gap
  http client 41002 10.20.32.204:9000 10.233.1.1
}
