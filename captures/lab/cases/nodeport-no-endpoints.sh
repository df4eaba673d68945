title="NodePort of a Service without endpoints"
service_case
service default/web cluster_ip=10.96.0.10 node_port=30080

story() {
  cat <<'STORY'
The Service has no endpoint anywhere, so kube-proxy refuses in the filter table: ICMP port unreachable, for TCP too.

| source port | who asks | what | answer |
| --- | --- | --- | --- |
| 41001, 41002 | client | 10.20.32.204:30080 | ICMP 3/3 from 10.20.32.204 |
| 41003 | a process on node2 | 10.20.32.204:30080 | ICMP 3/3 from 10.20.32.204 |
| 41004 | a process on node1 | 10.20.32.204:30080 | ICMP 3/3 on lo |
| 41005 | p1b | 10.20.32.204:30080 | ICMP 3/3 from 10.20.32.204 |
| 41006 | p2a | 10.20.32.204:30080 | ICMP 3/3 from 10.20.32.204, translated back for p2a by node2 |

A checker must find: a refusal by the node's rules (`-A KUBE-EXTERNAL-SERVICES … -j REJECT`), not by a pod, and that this is right
for a Service without endpoints.
STORY
}

traffic() {
  http client 41001 10.20.32.204:30080 refused
  gap
  http client 41002 10.20.32.204:30080 refused
  gap
  http node2 41003 10.20.32.204:30080 refused
  gap
  http node1 41004 10.20.32.204:30080 refused
  gap
  http p1b 41005 10.20.32.204:30080 refused
  gap
  http p2a 41006 10.20.32.204:30080 refused
}
