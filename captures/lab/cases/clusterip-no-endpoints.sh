title="ClusterIP of a Service without endpoints"
service_case
service default/web cluster_ip=10.96.0.10

story() {
  cat <<'STORY'
The Service has no endpoint anywhere, so kube-proxy refuses in the filter table: ICMP port unreachable, for TCP too.

| source port | who asks | what | answer |
| --- | --- | --- | --- |
| 41001, 41002 | p1b | 10.96.0.10:80, default/web | ICMP 3/3 from 10.233.1.1 |
| 41003 | a process on node1 | 10.96.0.10:80 | ICMP 3/3 on lo |
| 41004 | p2a | 10.96.0.10:80 | ICMP 3/3 from 10.233.2.1 |

A checker must find: a refusal by the node's rules (`-A KUBE-SERVICES … -j REJECT`), not by a pod, and that this is right for a
Service without endpoints. The SYN of node1's process is at no point: its ICMP error, on lo, quotes it.
STORY
}

traffic() {
  http p1b 41001 10.96.0.10:80 refused
  gap
  http p1b 41002 10.96.0.10:80 refused
  gap
  http node1 41003 10.96.0.10:80 refused
  gap
  http p2a 41004 10.96.0.10:80 refused
}
