title="hostNetwork pod from an external client"

start_servers() {
  serve_http p1a 8080
  serve_http node1 8081
}

# A kubelet probes a hostNetwork pod at the node's own address, which is lo.
control() {
  http node1 "$1" "$(pod_address p1a):8080" 10.233.1.1
  http node1 "$(($1 + 100))" 10.20.32.204:8081 10.20.32.204
}

extra_pods() {
  echo "  - { name: hostweb, node: node1, address: 10.20.32.204, hostNetwork: true, ports: [8081] }"
}

story() {
  cat <<'STORY'
The pod hostweb has hostNetwork and listens on 10.20.32.204:8081. The client asks it twice (source ports 41001, 41002).
Nothing is translated: the server sees 198.51.100.79, TTL 63. The packets are on node1's eth0 alone. Besides the control
requests to p1a there is one to 10.20.32.204:8081 before (source port 40101) and one after (40102); those are on lo.
STORY
}

traffic() {
  http client 41001 10.20.32.204:8081 198.51.100.79
  gap
  http client 41002 10.20.32.204:8081 198.51.100.79
}
