title="large answers cut otherwise on the wire, captured from the middle of the connections"
source "$LAB_DIR/recut.sh"
recut_case

story() {
  cat <<'STORY'
As recut, with connections that were opened and used before any capture began: one more answer of 150,000 bytes on each, without a
handshake, and hardly a segment that looks the same to the pods and on the wire.

| source port | who asks | what | server sees |
| --- | --- | --- | --- |
| 41001, 41002 | client | 10.20.32.204:9000, p1a's hostPort | the client |
| 41101, 41102 | p2a | p1a's own address, over the VXLAN | p2a |
| 41201, 41202 | p2a | 10.20.32.204:9000 | 10.20.32.205, random port |

A checker must find: six connections, each at every point that it passes.
STORY
}

break_it() {
  no_segmentation_offload
  begin_dialling 2
  gap
  run_round 1
  settle
}

traffic() { run_round 2; }
