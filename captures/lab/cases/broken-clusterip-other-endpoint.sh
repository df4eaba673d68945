title="ClusterIP, broken: a stale rule leads to a pod that is no endpoint"
service_case
service default/web cluster_ip=10.96.0.10 node_port=30080 endpoints=p2a

# node1's kube-proxy stopped before the endpoint moved.
start_servers() {
  serve_http p1a 8080
  serve_http p2a 8080
  SERVICE[default/web.endpoints]=p1a
  run_kube_proxy node1
  SERVICE[default/web.endpoints]=p2a
  run_kube_proxy node2
}

story() {
  cat <<'STORY'
The one endpoint of default/web is p2a. node1's rules are older: their KUBE-SEP chain still translates to p1a, which serves something else
now. It answers, so nobody sees an error.

| source port | who asks | what | pod sees | should be |
| --- | --- | --- | --- | --- |
| 41001, 41002 | p1b | 10.96.0.10:80 | p1a: 10.233.1.3, port kept | p2a: 10.233.1.3, port kept |
| 41003 | client | 10.20.32.204:30080 | p1a: 10.233.1.1, random port | p2a: 10.233.1.0, random port |
| 41004 | client | 10.20.32.205:30080 | p2a: 10.233.2.1, random port | the same |

A checker must find: connections that end in a pod which the Service does not have; 41004, by node2, is right.
STORY
}

traffic() {
  http p1b 41001 10.96.0.10:80 10.233.1.3
  http p1b 41002 10.96.0.10:80 10.233.1.3
  http client 41003 10.20.32.204:30080 10.233.1.1
  http client 41004 10.20.32.205:30080 10.233.2.1
}
