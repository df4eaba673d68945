title="healthCheckNodePort of a Service with externalTrafficPolicy Local"
service_case
service default/shop cluster_ip=10.96.0.30 load_balancer_ips=203.0.113.30 node_port=30082 external_policy=Local \
  health_check=32000 endpoints=p1a

# kube-proxy's own listener, on every address of the node.
serve_health() {
  LOCAL_ENDPOINTS=$2 ip netns exec "$LAB-$1" socat "TCP4-LISTEN:32000,fork,reuseaddr,backlog=16" \
    EXEC:"bash $LAB_DIR/answer-health.sh" 2>"$WORK/health-$1.err" &
  BACKGROUND+=($!)
  wait_for_socket "$1" tcp 32000
}

break_it() {
  ip -n "$LAB-router" route add 203.0.113.0/24 via 10.20.32.204
  serve_health node1 1
  serve_health node2 0
}

extra_clients() {
  echo "  - { name: balancer, addresses: [10.20.32.1] }"
}

story() {
  cat <<'STORY'
A Service of type LoadBalancer with externalTrafficPolicy Local and its one endpoint on node1. Its healthCheckNodePort is 32000: on each
node kube-proxy itself answers there, 200 where the Service has an endpoint and 503 where it has none, so that a balancer sends
clients to node1 alone. (The answers are those of kube-proxy's service_health.go, given by a small server in its place.)

| source port | who asks | what | answer |
| --- | --- | --- | --- |
| 41001, 41002 | the balancer, 10.20.32.1 | 10.20.32.204:32000 | 200, localEndpoints 1 |
| 41003, 41004 | the balancer, 10.20.32.1 | 10.20.32.205:32000 | 503, localEndpoints 0 |
| 41005 | client | 10.20.32.204:32000 | 200 |
| 41006 | a process on node1 | 10.20.32.205:32000 | 503 |
| 41007 | a process on node1 | 10.20.32.204:32000, on lo | 200 |
| 41008 | p1b | 10.20.32.204:32000 | 200; node1 sees 10.233.1.3 |
| 41009 | p2a | 10.20.32.204:32000 | 200; node1 sees 10.20.32.205, random port |
| 41010 | client | 203.0.113.30:80, the Service | p1a sees 198.51.100.79, port kept, TTL 62 |

A checker must find: no translation of any health check, and that each node answers as its endpoints demand.
STORY
}

# probe FROM SOURCE-PORT ADDRESS STATUS
probe() {
  local status
  status=$(on "$1" curl --silent --noproxy '*' --user-agent lab --local-port "$2" --max-time 3 --output /dev/null \
    --write-out '%{http_code}' "http://$3:32000/healthz") || true
  expect "$1:$2 probes $3" "$4" "$status"
}

traffic() {
  probe router 41001 10.20.32.204 200
  probe router 41002 10.20.32.204 200
  probe router 41003 10.20.32.205 503
  probe router 41004 10.20.32.205 503
  probe client 41005 10.20.32.204 200
  probe node1 41006 10.20.32.205 503
  probe node1 41007 10.20.32.204 200
  probe p1b 41008 10.20.32.204 200
  probe p2a 41009 10.20.32.204 200
  http client 41010 203.0.113.30:80 198.51.100.79
}
