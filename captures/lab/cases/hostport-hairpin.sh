title="hostPort of its own, from inside the pod"
cni0_options=(-p)

story() {
  cat <<'STORY'
p1a asks 10.20.32.204:9000, which is its own hostPort, twice (source ports 41001, 41002). node1 translates the destination
back to p1a and masquerades the source, since a pod that gets a packet from its own address would answer itself:
p1a sees 10.233.1.1, port kept. The frame leaves by the bridge port it came in on (hairpin mode), so the veth and the pod
show each connection twice: p1a to 10.20.32.204:9000 and 10.233.1.1 to p1a:8080. TTL 64 on both: the packet is bridged, not
routed, and cni0 shows none of it. See hostport-hairpin-promisc for what a promiscuous tcpdump on cni0 does to the same requests.
STORY
}

traffic() {
  http p1a 41001 10.20.32.204:9000 10.233.1.1
  gap
  http p1a 41002 10.20.32.204:9000 10.233.1.1
}
