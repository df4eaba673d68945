title="200 conversations at once, through everything"
source "$LAB_DIR/load.sh"
load_case
any_sll=yes
service default/web cluster_ip=10.96.0.10 node_port=30080 "endpoints=p1a p2a"
service default/own cluster_ip=10.96.0.20 endpoints=p1a

story() {
  cat <<'STORY'
200 conversations are opened at the same time and stay open until all files are closed. All clients say the same bytes and get the
same: nothing but the protocols' own numbers tells one from another.

| source port, identifier | who asks | what | server sees |
| --- | --- | --- | --- |
| 41001 to 41040 | client | 10.20.32.204:9000, p1a's hostPort | the client |
| 41101 to 41140 | client | 10.20.32.204:30080, NodePort of p1a and p2a | p1a: 10.233.1.1, p2a: 10.233.1.0, random port |
| 41201 to 41205 | client | 10.20.32.204:8090, where a proxy (socat) ends it and dials p1a | 10.233.1.1, a connection of its own |
| 41301 to 41320 | p1b | 10.96.0.10:80, ClusterIP of p1a and p2a | p1b |
| 41401 to 41410 | p1a | 10.20.32.204:9000, its own hostPort | 10.233.1.1, port kept |
| 41501 to 41510 | p1a | 10.96.0.20:80, whose only endpoint it is | 10.233.1.1, random port |
| 41601 to 41615 | p2a | p1a's own address, over the VXLAN | p2a |
| 41701 to 41710 | p1b, p2a | 198.51.100.79:80, outside | the pod's node, random port |
| 42001 to 42005, 42101 to 42105 | client, UDP | 10.20.32.204:9999, p1a's hostPort; the latter with IP identification 0 | the client |
| 42201 to 42203, 42301 to 42302 | p2a, UDP | p1a's own address; likewise | p2a |
| 42401 to 42405, 42501 to 42505 | p1b, UDP | 198.51.100.79:53; the latter :54, likewise | 10.20.32.204, random port |
| 42601 to 42602 | client, 4,000 bytes of UDP | 10.20.32.204:9999; fragments | the client |
| 42701 to 42702 | p1b, 4,000 bytes of UDP | 198.51.100.79:53; fragments | 10.20.32.204, random port |
| 7001 to 7003 | p1b and p2a, ICMP echo | 198.51.100.79 | the pod's node, random identifier |

A checker must find: every conversation at every point that it passes, and none taken for another.
STORY
}

dials client tcp,41001-41040,10.20.32.204,9000 tcp,41101-41140,10.20.32.204,30080 tcp,41201-41205,10.20.32.204,8090 \
  udp,42001-42005,10.20.32.204,9999 udp,42101-42105,10.20.32.204,9999 large,42601-42602,10.20.32.204,9999
dials p1a tcp,41401-41410,10.20.32.204,9000 tcp,41501-41510,10.96.0.20,80
dials p1b tcp,41301-41320,10.96.0.10,80 tcp,41701-41710,198.51.100.79,80 udp,42401-42405,198.51.100.79,53 \
  udp,42501-42505,198.51.100.79,54 large,42701-42702,198.51.100.79,53 icmp,7001-7003,198.51.100.79
dials p2a tcp,41601-41615,10.233.1.2,8080 tcp,41701-41710,198.51.100.79,80 udp,42201-42203,10.233.1.2,9999 \
  udp,42301-42302,10.233.1.2,9999 icmp,7001-7003,198.51.100.79

break_it() {
  local machine
  for machine in client p1a p1b p2a; do without_identification "$machine" "{ 54, 42101-42105, 42301-42302 }"; done
}

traffic() {
  watch_conntrack node1
  watch_conntrack node2
  begin_dialling 1
  gap
  run_round 1
}
