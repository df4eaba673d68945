title="pods ping a machine outside, masqueraded"
source "$LAB_DIR/load.sh"
load_case

story() {
  cat <<'STORY'
p1b and p2a ping 198.51.100.79, three times each under two identifiers that are the same on both, while the client pings node1. What pods send is
masqueraded: beyond the node both the address and the identifier are another.

| identifier | who asks | what | outside sees |
| --- | --- | --- | --- |
| 7001, 7002 | p1b | 198.51.100.79 | 10.20.32.204, random identifier |
| 7001, 7002 | p2a | 198.51.100.79 | 10.20.32.205, random identifier |
| 7001 | client | 10.20.32.204 | itself |

A checker must find: five conversations, each at every point that it passes.
STORY
}

dials client icmp,7001,10.20.32.204
dials p1b icmp,7001-7002,198.51.100.79
dials p2a icmp,7001-7002,198.51.100.79

traffic() {
  watch_conntrack node1
  watch_conntrack node2
  begin_dialling 3
  gap
  run_round 1
  run_round 2
  run_round 3
}
