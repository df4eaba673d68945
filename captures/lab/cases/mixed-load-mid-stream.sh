title="40 conversations at once, all older than the captures"
source "$LAB_DIR/load.sh"
load_case
any_sll=yes
service default/web cluster_ip=10.96.0.10 node_port=30080 "endpoints=p1a p2a"
service default/own cluster_ip=10.96.0.20 endpoints=p1a

story() {
  cat <<'STORY'
As mixed-load with 40 conversations, each of which was opened and used once before any capture began. In the captures each asks twice
more, all at the same time and all the same bytes: no handshake is to be seen of any.

| source port, identifier | who asks | what | server sees |
| --- | --- | --- | --- |
| 41001 to 41008 | client | 10.20.32.204:9000, p1a's hostPort | the client |
| 41101 to 41108 | client | 10.20.32.204:30080, NodePort of p1a and p2a | p1a: 10.233.1.1, p2a: 10.233.1.0, random port |
| 41301 to 41304 | p1b | 10.96.0.10:80, ClusterIP of p1a and p2a | p1b |
| 41401 to 41402 | p1a | 10.20.32.204:9000, its own hostPort | 10.233.1.1, port kept |
| 41501 to 41502 | p1a | 10.96.0.20:80, whose only endpoint it is | 10.233.1.1, random port |
| 41601 to 41604 | p2a | p1a's own address, over the VXLAN | p2a |
| 41701 to 41702 | p1b, p2a | 198.51.100.79:80, outside | the pod's node, random port |
| 42001 to 42002, 42101 to 42102 | client, UDP | 10.20.32.204:9999, p1a's hostPort; the latter with IP identification 0 | the client |
| 42501 to 42502 | p1b, UDP | 198.51.100.79:54, IP identification 0 | 10.20.32.204, random port |
| 7001 | p1b and p2a, ICMP echo | 198.51.100.79 | the pod's node, random identifier |

A checker must find: every conversation at every point that it passes, and none taken for another.
STORY
}

dials client tcp,41001-41008,10.20.32.204,9000 tcp,41101-41108,10.20.32.204,30080 \
  udp,42001-42002,10.20.32.204,9999 udp,42101-42102,10.20.32.204,9999
dials p1a tcp,41401-41402,10.20.32.204,9000 tcp,41501-41502,10.96.0.20,80
dials p1b tcp,41301-41304,10.96.0.10,80 tcp,41701-41702,198.51.100.79,80 udp,42501-42502,198.51.100.79,54 icmp,7001,198.51.100.79
dials p2a tcp,41601-41604,10.233.1.2,8080 tcp,41701-41702,198.51.100.79,80 icmp,7001,198.51.100.79

break_it() {
  local machine
  for machine in client p1a p1b p2a; do without_identification "$machine" "{ 54, 42101-42102 }"; done
  begin_dialling 3
  gap
  run_round 1
  settle
  watch_conntrack node1
  watch_conntrack node2
}

traffic() {
  run_round 2
  gap
  run_round 3
}
