title="NodePort with externalTrafficPolicy Local, endpoint on the dialled node"
service_case
service default/web cluster_ip=10.96.0.10 node_port=30080 external_policy=Local endpoints=p1a

story() {
  cat <<'STORY'
The Service has externalTrafficPolicy Local and its one endpoint is p1a. All dial node1, so there is a local endpoint and who comes
from outside keeps its address. Pods and the node itself are not outside: kube-proxy treats them as at the ClusterIP.

| source port | who asks | what | pod sees |
| --- | --- | --- | --- |
| 41001, 41002 | client | 10.20.32.204:30080 | p1a: 198.51.100.79, port kept, TTL 62 |
| 41003 | a process on node2 | 10.20.32.204:30080 | p1a: 10.20.32.205, port kept, TTL 63 |
| 41004 | a process on node1 | 10.20.32.204:30080 | p1a: 10.233.1.1, random port, TTL 64 |
| 41005 | a process on node1 | 127.0.0.1:30080 | p1a: 10.233.1.1, random port, TTL 64 |
| 41006 | p1b | 10.20.32.204:30080 | p1a: 10.233.1.3, port kept, TTL 64 |
| 41007 | p2a | 10.20.32.204:30080 | p1a: 10.20.32.205, random port, TTL 62 |

A checker must find: the client's address and port in the pod. p2a arrives as node2 since flannel on node2 masquerades it; that is
not kube-proxy's doing and no fault.
STORY
}

traffic() {
  http client 41001 10.20.32.204:30080 198.51.100.79
  http client 41002 10.20.32.204:30080 198.51.100.79
  http node2 41003 10.20.32.204:30080 10.20.32.205
  http node1 41004 10.20.32.204:30080 10.233.1.1
  http node1 41005 127.0.0.1:30080 10.233.1.1
  http p1b 41006 10.20.32.204:30080 10.233.1.3
  http p2a 41007 10.20.32.204:30080 10.20.32.205
}
