title="hostPort through 127.0.0.1, broken: the masquerade is missing"
connect_seconds=4

break_it() {
  on node1 iptables -t nat -F CNI-HOSTPORT-MASQ
}

story() {
  cat <<'STORY'
As hostport-localhost (source ports 41001, 41002), after `iptables -t nat -F CNI-HOSTPORT-MASQ` on node1. The destination is
translated, the source is not: p1a receives SYNs from 127.0.0.1, which it discards as a martian, and never answers. The client
gives up after 4 seconds with its SYN repeated.
STORY
}

traffic() {
  http node1 41001 127.0.0.1:9000 timeout
  gap
  http node1 41002 127.0.0.1:9000 timeout
}
