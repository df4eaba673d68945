title="LoadBalancer that ends the client's connection and opens its own to a NodePort of node1"
service_case
service default/web cluster_ip=10.96.0.10 node_port=30080 endpoints=p1a
service default/shop cluster_ip=10.96.0.20 node_port=30081 external_policy=Local endpoints=p1a

start_balancer() {
  relay router 80 10.20.32.204:30080
  relay router 81 10.20.32.204:30081
  ip netns exec "$LAB-router" socat "TCP4-LISTEN:82,fork,reuseaddr,backlog=16" \
    EXEC:"bash $LAB_DIR/proxy-header.sh 10.20.32.204\:30081" 2>"$WORK/balancer.err" &
  BACKGROUND+=($!)
  wait_for_socket router tcp 82
}
break_it() { start_balancer; }

extra_clients() {
  echo "  - { name: balancer, addresses: [10.20.32.1], isBalancer: true }"
}

story() {
  cat <<'STORY'
A proxy on the router (198.51.100.1 and 10.20.32.1) accepts the client's connections and opens a new one to a NodePort of node1 for
each. To the cluster the proxy is the client: its connection begins at 10.20.32.1 with a port of its own (ephemeral) and an ISN
of its own. The client's address is at most in the payload: port 82 puts a PROXY header in front, ports 80 and 81 do not.

| source port | who asks | what | by the proxy's connection to | pod sees |
| --- | --- | --- | --- | --- |
| 41001, 41002 | client | 198.51.100.1:80 | 10.20.32.204:30080, web (Cluster) | p1a: 10.233.1.1, random port, TTL 63 |
| 41003, 41004 | client | 198.51.100.1:81 | 10.20.32.204:30081, shop (Local) | p1a: 10.20.32.1, port kept, TTL 63 |
| 41005 | client | 198.51.100.1:82, PROXY header | 10.20.32.204:30081, shop (Local) | p1a: 10.20.32.1, port kept, TTL 63 |

A checker must find: no packet with 198.51.100.79 on node1, and that this is right even with externalTrafficPolicy Local; two TCP
connections per request, of which client.eth0 has one and node1's eth0 the other.
STORY
}

traffic() {
  http client 41001 198.51.100.1:80 10.233.1.1
  http client 41002 198.51.100.1:80 10.233.1.1
  gap
  http client 41003 198.51.100.1:81 10.20.32.1
  http client 41004 198.51.100.1:81 10.20.32.1
  gap
  http client 41005 198.51.100.1:82 "10.20.32.1 for 198.51.100.79"
}
