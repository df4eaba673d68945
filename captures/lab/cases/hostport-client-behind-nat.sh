title="hostPort from an external client behind a NAT router"

story() {
  cat <<'STORY'
As hostport-external (source ports 41001, 41002), but the router in front of node1 translates the client, as an office's or a
cloud's NAT does: `iptables -t nat -A POSTROUTING -s 198.51.100.0/24 -j SNAT --to-source 10.20.32.1` on the router. The client's
own capture shows 198.51.100.79, node1's eth0 already 10.20.32.1, port kept, and the pod sees what eth0 saw: node1 kept the
source it got. TTL 63 at eth0, 62 in the pod.
STORY
}

traffic() {
  on router iptables -t nat -A POSTROUTING -s 198.51.100.0/24 -j SNAT --to-source 10.20.32.1
  http client 41001 10.20.32.204:9000 10.20.32.1
  gap
  http client 41002 10.20.32.204:9000 10.20.32.1
}
