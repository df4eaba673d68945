title="large answers that the wire shows cut otherwise than the pods"
source "$LAB_DIR/recut.sh"
recut_case

story() {
  cat <<'STORY'
An answer of 150,000 bytes on each of six connections at once, all the same bytes. Segmentation offload is off at the nodes' eth0
(`ethtool -K eth0 tx off tso off gso off`): p1a, its veth and cni0 show segments of 7 kB, node1's eth0 and the client those of
1,448 bytes, and behind the VXLAN node2 puts them together again. The captures keep 160 bytes of each packet.

| source port | who asks | what | server sees |
| --- | --- | --- | --- |
| 41001, 41002 | client | 10.20.32.204:9000, p1a's hostPort | the client |
| 41101, 41102 | p2a | p1a's own address, over the VXLAN | p2a |
| 41201, 41202 | p2a | 10.20.32.204:9000 | 10.20.32.205, random port |

A checker must find: six connections, each at every point that it passes.
STORY
}

break_it() { no_segmentation_offload; }

traffic() {
  watch_conntrack node1
  watch_conntrack node2
  begin_dialling 1
  gap
  run_round 1
}
