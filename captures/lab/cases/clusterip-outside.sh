title="ClusterIP from an external client that is routed to it by node1"
service_case
service default/web cluster_ip=10.96.0.10 endpoints=p1a
service default/api cluster_ip=10.96.0.20 endpoints=p2a

break_it() { ip -n "$LAB-router" route add 10.96.0.0/16 via 10.20.32.204; }

story() {
  cat <<'STORY'
The router has a route for the service network by node1, so the client can dial ClusterIPs. kube-proxy translates for everybody who
comes by and masquerades a source outside the cluster CIDR: the pod sees node1.

| source port | who asks | what | pod sees |
| --- | --- | --- | --- |
| 41001, 41002 | client | 10.96.0.10:80, default/web | p1a: 10.233.1.1, random port, TTL 62 |
| 41003, 41004 | client | 10.96.0.20:80, default/api | p2a: 10.233.1.0, random port, TTL 61 |

A checker must find: the ClusterIP as destination on node1's eth0, masqueraded behind it; the replies at node1's eth0 come from the
ClusterIP again.
STORY
}

traffic() {
  http client 41001 10.96.0.10:80 10.233.1.1
  http client 41002 10.96.0.10:80 10.233.1.1
  gap
  http client 41003 10.96.0.20:80 10.233.1.0
  http client 41004 10.96.0.20:80 10.233.1.0
}
