title="hostPort from another pod on the same node"
takes_part=(p1b)
cni0_options=(-p)

story() {
  cat <<'STORY'
p1b asks 10.20.32.204:9000 twice (source ports 41001, 41002). node1 translates the destination to p1a and, because portmap
marks its whole pod subnet, masquerades the source: p1a sees 10.233.1.1, port kept, TTL 64 (bridged, not routed). Without
that p1a would answer its neighbour p1b directly over the bridge and p1b would not know the answer.

With `-p` cni0 shows none of the requests, but all the replies, half restored and outgoing: 10.233.1.2:8080 to
10.233.1.3:41001. The bridge hands a translated frame straight to the other port only while the node's neighbour entry for the
receiver is confirmed. p1a's is, by the control request; p1b's is only known from p1b's own ARP request (STALE), so the
replies go out through the neighbour code, past cni0's tap.
STORY
}

traffic() {
  http p1b 41001 10.20.32.204:9000 10.233.1.1
  gap
  http p1b 41002 10.20.32.204:9000 10.233.1.1
}
