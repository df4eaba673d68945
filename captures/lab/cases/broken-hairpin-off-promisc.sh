title="hostPort of its own, broken: hairpin mode is off, and a promiscuous tcpdump on cni0 hides it"

break_it() {
  bridge -n "$LAB-node1" link set dev "${POD_VETH[p1a]}" hairpin off
}

story() {
  cat <<'STORY'
The requests and the fault of broken-hairpin-off, but tcpdump on cni0 runs without `-p`. The node now routes the frame that the
bridge may not return, so p1a gets every SYN of its own back, from 10.233.1.2:41001 to 10.233.1.2:8080, TTL 63 and
not masqueraded, and discards it: its own address is no valid source. It looks as if the masquerade were missing. That
packet is the observer's doing; the fault is the hairpin mode. The client gives up after 5 seconds.
STORY
}

traffic() {
  http p1a 41001 10.20.32.204:9000 timeout
  gap
  http p1a 41002 10.20.32.204:9000 timeout
}
