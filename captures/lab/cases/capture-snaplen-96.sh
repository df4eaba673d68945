title="hostPort and NodePort; captures that keep 96 bytes of each packet"
service_case
capture_options=(-s 96)
HOST_PORTS='[{"hostPort":9000,"containerPort":8080,"protocol":"tcp"},{"hostPort":9999,"containerPort":9999,"protocol":"udp"}]'
service default/web cluster_ip=10.96.0.10 node_port=30080 "endpoints=p2a"

start_servers() {
  serve_http p1a 8080
  serve_http p2a 8080
  serve_udp p1a 9999
  run_kube_proxy node1
  run_kube_proxy node2
}

story() {
  cat <<'STORY'
Every capture was taken with `tcpdump -s 96`: of the TCP segments with data the first 30 bytes or fewer of the payload are there, in the VXLAN none.

| source port | who asks | what | pod sees |
| --- | --- | --- | --- |
| 41001, 41002 | client | 10.20.32.204:9000, p1a's hostPort | 198.51.100.79 |
| 41003, 41004 | client | 10.20.32.204:30080, NodePort of p2a | p2a: 10.233.1.0, random port |
| 41005 | p1b | 10.96.0.10:80, ClusterIP of p2a | p2a: 10.233.1.3 |
| 42001, 42002 | client, UDP | 10.20.32.204:9999, p1a's hostPort | 198.51.100.79 |

A checker must find: what it would find in whole packets.
STORY
}

traffic() {
  http client 41001 10.20.32.204:9000 198.51.100.79
  http client 41002 10.20.32.204:9000 198.51.100.79
  http client 41003 10.20.32.204:30080 10.233.1.0
  http client 41004 10.20.32.204:30080 10.233.1.0
  http p1b 41005 10.96.0.10:80 10.233.1.3
  datagrams client 42001 10.20.32.204:9999 198.51.100.79 one two three
  datagrams client 42002 10.20.32.204:9999 198.51.100.79 one two three
}
