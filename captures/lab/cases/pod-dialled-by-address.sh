title="hostPort from an external client, beside clients that dial the pod's own address"

story() {
  cat <<'STORY'
Pod addresses are routable here, as with host-gw, BGP or in a cloud's network: the router has a route to 10.233.1.0/24 by node1's
eth0. The client asks 10.20.32.204:9000 twice (source ports 41001, 41002), then p1a itself, 10.233.1.2:8080, twice (41003, 41004).
Of the latter nothing is translated: node1's eth0 shows the pod's address in both directions, and that is no reply that was not
translated back. The pod cannot tell them apart: it sees 198.51.100.79, TTL 62, each time.
STORY
}

traffic() {
  on router ip route add 10.233.1.0/24 via 10.20.32.204
  http client 41001 10.20.32.204:9000 198.51.100.79
  gap
  http client 41002 10.20.32.204:9000 198.51.100.79
  gap
  http client 41003 10.233.1.2:8080 198.51.100.79
  gap
  http client 41004 10.233.1.2:8080 198.51.100.79
}
