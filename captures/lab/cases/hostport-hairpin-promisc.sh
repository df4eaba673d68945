title="hostPort of its own, from inside the pod, with a promiscuous tcpdump on cni0"

story() {
  cat <<'STORY'
The requests of hostport-hairpin, but tcpdump on cni0 runs without `-p`, as most people run it. Promiscuous cni0 hands the
translated frame to the node as well, and the node routes it: p1a gets each request packet of its own twice, once from
10.233.1.1 (TTL 64, bridged and masqueraded) and once from itself (TTL 63, routed, not masqueraded). cni0 shows tuples that
exist nowhere else, 10.233.1.2:41001 to 10.233.1.2:8080. The requests succeed all the same. The extra packets are
the observer's doing.
STORY
}

traffic() {
  http p1a 41001 10.20.32.204:9000 10.233.1.1
  gap
  http p1a 41002 10.20.32.204:9000 10.233.1.1
}
