title="40 conversations at once, older than the captures in the pods"
source "$LAB_DIR/load.sh"
load_case
any_sll=
service default/web cluster_ip=10.96.0.10 node_port=30080 "endpoints=p1a p2a"
service default/own cluster_ip=10.96.0.20 endpoints=p1a

story() {
  cat <<'STORY'
As mixed-load-mid-stream, but only the captures in the pods and on their veths begin after the first question and answer of each: those of the
client and the nodes show everything, handshakes too, and those of the pods the other two questions alone.

| source port, identifier | who asks | what | server sees |
| --- | --- | --- | --- |
| 41001 to 41008 | client | 10.20.32.204:9000, p1a's hostPort | the client |
| 41101 to 41108 | client | 10.20.32.204:30080, NodePort of p1a and p2a | p1a: 10.233.1.1, p2a: 10.233.1.0, random port |
| 41301 to 41304 | p1b | 10.96.0.10:80, ClusterIP of p1a and p2a | p1b |
| 41401 to 41402 | p1a | 10.20.32.204:9000, its own hostPort | 10.233.1.1, port kept |
| 41501 to 41502 | p1a | 10.96.0.20:80, whose only endpoint it is | 10.233.1.1, random port |
| 41601 to 41604 | p2a | p1a's own address, over the VXLAN | p2a |
| 41701 to 41702 | p1b, p2a | 198.51.100.79:80, outside | the pod's node, random port |
| 42001 to 42004 | client, UDP | 10.20.32.204:9999, p1a's hostPort | the client |
| 42501 to 42502 | p1b, UDP | 198.51.100.79:53, outside | 10.20.32.204, random port |
| 7001 | p1b and p2a, ICMP echo | 198.51.100.79 | the pod's node, random identifier |

A checker must find: every conversation at every point that it passes, and none taken for another.
STORY
}

dials client tcp,41001-41008,10.20.32.204,9000 tcp,41101-41108,10.20.32.204,30080 udp,42001-42004,10.20.32.204,9999
dials p1a tcp,41401-41402,10.20.32.204,9000 tcp,41501-41502,10.96.0.20,80
dials p1b tcp,41301-41304,10.96.0.10,80 tcp,41701-41702,198.51.100.79,80 udp,42501-42502,198.51.100.79,53 icmp,7001,198.51.100.79
dials p2a tcp,41601-41604,10.233.1.2,8080 tcp,41701-41702,198.51.100.79,80 icmp,7001,198.51.100.79

start_captures() {
  capture client.eth0 client eth0
  capture node1.any node1 any -y LINUX_SLL2 --time-stamp-precision=nano
  local node
  for node in node1 node2; do
    capture "$node.eth0" "$node" eth0
    capture "$node.cni0" "$node" cni0 -p
    capture "$node.flannel.1" "$node" flannel.1
  done
  wait_for_captures
}

traffic() {
  local pod
  watch_conntrack node1
  watch_conntrack node2
  begin_dialling 3
  gap
  run_round 1
  settle
  for pod in p1a p1b p2a; do capture_pod "$pod"; done
  wait_for_captures
  run_round 2
  gap
  run_round 3
}
