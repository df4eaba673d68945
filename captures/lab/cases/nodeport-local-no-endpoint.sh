title="NodePort with externalTrafficPolicy Local, no endpoint on the dialled node"
service_case
service default/web cluster_ip=10.96.0.10 node_port=30080 external_policy=Local endpoints=p2a

story() {
  cat <<'STORY'
The Service has externalTrafficPolicy Local and its one endpoint is p2a on node2. All but the last dial node1. Who comes from outside
meets silence, for kube-proxy there drops it (a load balancer's health check is what keeps clients away); pods of node1 and node1
itself reach p2a all the same.

| source port | who asks | what | pod sees |
| --- | --- | --- | --- |
| 41001, 41002 | client | 10.20.32.204:30080 | nobody: silence |
| 41003 | a process on node2 | 10.20.32.204:30080 | nobody: silence |
| 41004 | p2a | 10.20.32.204:30080 | nobody: silence |
| 41005 | a process on node1 | 10.20.32.204:30080 | p2a: 10.233.1.0, random port, TTL 63 |
| 41006 | a process on node1 | 127.0.0.1:30080 | p2a: 10.233.1.0, random port, TTL 63 |
| 41007 | p1b | 10.20.32.204:30080 | p2a: 10.233.1.3, port kept, TTL 62 |
| 41008 | client | 10.20.32.205:30080 | p2a: 198.51.100.79, port kept, TTL 62 |

A checker must find: silence is right for 41001 to 41004 (`-A KUBE-EXTERNAL-SERVICES … has no local endpoints … -j DROP`, in INPUT);
their SYNs end at node1's eth0.
STORY
}

traffic() {
  http client 41001 10.20.32.204:30080 timeout
  http client 41002 10.20.32.204:30080 timeout
  http node2 41003 10.20.32.204:30080 timeout
  http p2a 41004 10.20.32.204:30080 timeout
  http node1 41005 10.20.32.204:30080 10.233.1.0
  http node1 41006 127.0.0.1:30080 10.233.1.0
  http p1b 41007 10.20.32.204:30080 10.233.1.3
  http client 41008 10.20.32.205:30080 198.51.100.79
}
