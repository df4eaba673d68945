title="datagrams of 4,000 bytes, in fragments that the nodes cut anew"
source "$LAB_DIR/load.sh"
load_case

story() {
  cat <<'STORY'
Datagrams of 4,000 bytes and their echoes, two rounds of them. conntrack puts the fragments together and cuts them anew where they leave: three fragments on
the wire, one whole datagram or three others on cni0 and the veths, with the IP identification of the first.

| source port | who asks | what | server sees |
| --- | --- | --- | --- |
| 42001, 42002 | client | 10.20.32.204:9999, p1a's hostPort | the client |
| 42003 | p1b | 198.51.100.79:53, outside | 10.20.32.204, random port |
| 42004 | p2a | p1a's own address, over the VXLAN | p2a |

A checker must find: four conversations, each at every point that it passes.
STORY
}

dials client large,42001-42002,10.20.32.204,9999
dials p1b large,42003,198.51.100.79,53
dials p2a large,42004,10.233.1.2,9999

traffic() {
  watch_conntrack node1
  watch_conntrack node2
  begin_dialling 2
  gap
  run_round 1
  run_round 2
}
