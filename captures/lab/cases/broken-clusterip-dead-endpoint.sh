title="ClusterIP, broken: its endpoint no longer exists"
service_case
connect_seconds=6
service default/web cluster_ip=10.96.0.10 endpoints=p1c
service default/api cluster_ip=10.96.0.20 endpoints=p2a

start_servers() {
  serve_http p1a 8080
  serve_http p2a 8080
  add_pod p1c node1 '[]'
  run_kube_proxy node1
  run_kube_proxy node2
  delete_pod p1c
}

story() {
  cat <<'STORY'
The one endpoint of default/web, p1c (10.233.1.4), is gone; its endpoint entry and so kube-proxy's rules are not. node1 translates to
an address that answers no ARP and gives up after three seconds: the client gets ICMP host unreachable, whose source conntrack
turns into the ClusterIP. default/api is healthy.

| source port | who asks | what | answer |
| --- | --- | --- | --- |
| 41001, 41002 | p1b | 10.96.0.10:80, default/web | ICMP 3/1 from 10.96.0.10 after 3 s |
| 41003 | a process on node1 | 10.96.0.10:80 | no route to host after 3 s |
| 41004 | p1b | 10.96.0.20:80, default/api | p2a sees 10.233.1.3 |

A checker must find: nothing but ARP for 10.233.1.4 behind node1, and an endpoint that is gone.
STORY
}

traffic() {
  http p1b 41001 10.96.0.10:80 refused
  http p1b 41002 10.96.0.10:80 refused
  http node1 41003 10.96.0.10:80 refused
  http p1b 41004 10.96.0.20:80 10.233.1.3
}
