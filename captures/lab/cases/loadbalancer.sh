title="LoadBalancer that forwards packets to node1 and keeps their addresses"
service_case
service default/web cluster_ip=10.96.0.10 load_balancer_ips=203.0.113.10 node_port=30080 endpoints=p1a
service default/api cluster_ip=10.96.0.20 load_balancer_ips=203.0.113.20 node_port=30081 endpoints=p2a
service default/shop cluster_ip=10.96.0.30 load_balancer_ips=203.0.113.30 node_port=30082 external_policy=Local \
  health_check=32000 endpoints=p1a
service default/open cluster_ip=10.96.0.40 load_balancer_ips=203.0.113.40 node_port=30083 source_ranges=198.51.100.0/24 endpoints=p1a
service default/closed cluster_ip=10.96.0.50 load_balancer_ips=203.0.113.50 node_port=30084 source_ranges=192.0.2.0/24 endpoints=p1a

break_it() { ip -n "$LAB-router" route add 203.0.113.0/24 via 10.20.32.204; }

story() {
  cat <<'STORY'
Five Services of type LoadBalancer. The balancer is the router, which sends 203.0.113.0/24 to node1 and changes no address. web and api
have externalTrafficPolicy Cluster, shop has Local; open allows the client by loadBalancerSourceRanges, closed allows
192.0.2.0/24 alone. A node and its pods reach a balancer's address through the rules of their own node.

| source port | who asks | what | pod sees |
| --- | --- | --- | --- |
| 41001 | client | 203.0.113.10:80, web | p1a: 10.233.1.1, random port, TTL 62 |
| 41002 | client | 203.0.113.20:80, api | p2a: 10.233.1.0, random port, TTL 61 |
| 41003 | client | 203.0.113.30:80, shop (Local) | p1a: 198.51.100.79, port kept, TTL 62 |
| 41004 | client | 203.0.113.40:80, open | p1a: 10.233.1.1, random port, TTL 62 |
| 41005 | client | 203.0.113.50:80, closed | nobody: silence |
| 41006 | client | 10.20.32.204:30084, closed by its NodePort | p1a: 10.233.1.1, random port, TTL 62 |
| 41007 | a process on node1 | 203.0.113.10:80 | p1a: 10.233.1.1, random port, TTL 64 |
| 41008 | p1b | 203.0.113.10:80 | p1a: 10.233.1.1, random port, TTL 64 |
| 41009 | a process on node2 | 203.0.113.10:80 | p1a: 10.233.2.0, random port, TTL 63 |
| 41010 | p2a | 203.0.113.10:80 | p1a: 10.233.2.0, random port, TTL 62 |
| 41011 | a process on node1 | 203.0.113.30:80 | p1a: 10.233.1.1, random port, TTL 64 |
| 41012 | p1b | 203.0.113.30:80 | p1a: 10.233.1.3, port kept, TTL 64 |
| 41013 | a process on node2 | 203.0.113.30:80 | p1a: 10.233.2.0, random port, TTL 63 |
| 41014 | p2a | 203.0.113.30:80 | p1a: 10.233.2.2, port kept, TTL 62 |
| 41015 | p1b | 203.0.113.50:80 | nobody: silence |

A checker must find: silence is right for 41005 and 41015 (`-A KUBE-PROXY-FIREWALL … -j DROP` in FORWARD, the destination not
translated); the source ranges do not hold for the NodePort of the same Service; 41003 alone of the client's shows its address.
STORY
}

traffic() {
  http client 41001 203.0.113.10:80 10.233.1.1
  http client 41002 203.0.113.20:80 10.233.1.0
  http client 41003 203.0.113.30:80 198.51.100.79
  http client 41004 203.0.113.40:80 10.233.1.1
  http client 41005 203.0.113.50:80 timeout
  http client 41006 10.20.32.204:30084 10.233.1.1
  http node1 41007 203.0.113.10:80 10.233.1.1
  http p1b 41008 203.0.113.10:80 10.233.1.1
  http node2 41009 203.0.113.10:80 10.233.2.0
  http p2a 41010 203.0.113.10:80 10.233.2.0
  http node1 41011 203.0.113.30:80 10.233.1.1
  http p1b 41012 203.0.113.30:80 10.233.1.3
  http node2 41013 203.0.113.30:80 10.233.2.0
  http p2a 41014 203.0.113.30:80 10.233.2.2
  http p1b 41015 203.0.113.50:80 timeout
}
