title="UDP hostPort from an external client, broken: stale conntrack entry after the pod was replaced"
HOST_PORTS='[{"hostPort":9999,"containerPort":9999,"protocol":"udp"}]'
serving=p1a
start_servers() { serve_udp p1a 9999; }
control() { datagrams node1 "$1" "$(pod_address "$serving"):9999" 10.233.1.1 control; }

story() {
  cat <<'STORY'
p1a holds UDP hostPort 9999. The client sends two datagrams from port 42001 and p1a answers. Then p1a is replaced by p1c
(10.233.1.4), in the order a node takes when it clears the old sandbox late: CNI ADD of p1c, one more datagram from 42001, CNI
DEL of p1a. portmap flushes the conntrack entries of 9999 on ADD, but p1a's rule is still there and comes first, so that one
datagram (p1a answers it) makes an entry to p1a again; portmap flushes nothing on DEL. Nothing was put into conntrack by hand.
From then on node1 translates 42001 to 10.233.1.2, which no longer exists: datagrams four and five are lost,
though the rules are right. A new source port, 42002, reaches p1c. node1.conntrack.txt, saved at the end, holds the stale
entry; topology.yaml names the state after the replacement. The lost datagrams may show in pod-p1c.eth0.pcap as well: the
bridge floods frames to a MAC address that has left. Captures of p1a end before its DEL, those of p1c begin after its ADD. The
control is one datagram from node1 to p1a's port 9999 before and one to p1c's after.
STORY
}

traffic() {
  datagrams client 42001 10.20.32.204:9999 198.51.100.79 one two
  add_pod p1c node1 "$HOST_PORTS"
  serve_udp p1c 9999
  capture_pod p1c
  wait_for_captures
  datagrams client 42001 10.20.32.204:9999 198.51.100.79 three
  stop_capture pod-p1a.eth0
  stop_capture node1.veth-p1a
  delete_pod p1a
  serving=p1c
  gap
  datagrams client 42001 10.20.32.204:9999 silence four five
  gap
  datagrams client 42002 10.20.32.204:9999 198.51.100.79 six seven
}
