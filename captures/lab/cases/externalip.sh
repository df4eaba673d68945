title="externalIP that the router sends to node1"
service_case
service default/web cluster_ip=10.96.0.10 external_ips=203.0.113.10 endpoints=p1a
service default/api cluster_ip=10.96.0.20 external_ips=203.0.113.20 endpoints=p2a

break_it() { ip -n "$LAB-router" route add 203.0.113.0/24 via 10.20.32.204; }

story() {
  cat <<'STORY'
Two Services with an externalIP each, which no machine has as its own: the router sends 203.0.113.0/24 to node1. kube-proxy translates
what comes by and masquerades it. A node and its pods reach an externalIP through the rules of their own node, so nothing of theirs
goes to the router.

| source port | who asks | what | pod sees |
| --- | --- | --- | --- |
| 41001, 41002 | client | 203.0.113.10:80, default/web | p1a: 10.233.1.1, random port, TTL 62 |
| 41003 | client | 203.0.113.20:80, default/api | p2a: 10.233.1.0, random port, TTL 61 |
| 41004 | a process on node1 | 203.0.113.10:80 | p1a: 10.233.1.1, random port, TTL 64 |
| 41005 | p1b | 203.0.113.10:80 | p1a: 10.233.1.1, random port, TTL 64 |
| 41006 | p1b | 203.0.113.20:80 | p2a: 10.233.1.0, random port, TTL 62 |
| 41007 | a process on node2 | 203.0.113.10:80 | p1a: 10.233.2.0, random port, TTL 63 |
| 41008 | p2a | 203.0.113.10:80 | p1a: 10.233.2.0, random port, TTL 62 |

A checker must find: the externalIP on node1's eth0 for the client alone, and that the others were handled on their own node, pods too
being masqueraded.
STORY
}

traffic() {
  http client 41001 203.0.113.10:80 10.233.1.1
  http client 41002 203.0.113.10:80 10.233.1.1
  http client 41003 203.0.113.20:80 10.233.1.0
  http node1 41004 203.0.113.10:80 10.233.1.1
  http p1b 41005 203.0.113.10:80 10.233.1.1
  http p1b 41006 203.0.113.20:80 10.233.1.0
  http node2 41007 203.0.113.10:80 10.233.2.0
  http p2a 41008 203.0.113.10:80 10.233.2.0
}
