title="hostPort from an external client"

story() {
  cat <<'STORY'
The client outside the cluster asks 10.20.32.204:9000 twice (source ports 41001, 41002). node1 translates the
destination to p1a, 10.233.1.2:8080 (PREROUTING, CNI-HOSTPORT-DNAT), and leaves the source alone: the pod sees
198.51.100.79 with the client's port. TTL 63 at node1's eth0 (the router took one), 62 at cni0, the veth and in the pod.
Replies leave node1's eth0 from 10.20.32.204:9000.

`svc_host_port.pcap` is what people record: `tcpdump -i eth0 host 10.233.1.2 and dst port 8080` inside the pod,
one direction only, started after the first control request and stopped before the last, so it holds the client's two
connections and nothing else. `node1.multi.pcapng` is dumpcap on eth0 and cni0 of node1 at once.
STORY
}

traffic() {
  capture svc_host_port p1a eth0 host 10.233.1.2 and dst port 8080
  capture_pcapng node1.multi node1 eth0 cni0
  wait_for_captures
  http client 41001 10.20.32.204:9000 198.51.100.79
  gap
  http client 41002 10.20.32.204:9000 198.51.100.79
  settle
  stop_capture svc_host_port
  stop_capture node1.multi
}
