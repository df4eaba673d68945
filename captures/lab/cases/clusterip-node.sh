title="ClusterIP from a process on a node, endpoint on the same node and on the other"
service_case
service default/web cluster_ip=10.96.0.10 port_name=http endpoints=p1a
service default/api cluster_ip=10.96.0.20 endpoints=p2a

story() {
  cat <<'STORY'
A process on node1 asks the ClusterIP of a Service whose endpoint is p1a, on its own node, and of one whose endpoint is p2a. The
node's address is outside the cluster CIDR, so kube-proxy masquerades: with cni0's address towards p1a, with flannel.1's
towards p2a, the port random.

| source port | who asks | what | pod sees |
| --- | --- | --- | --- |
| 41001, 41002 | a process on node1 | 10.96.0.10:80, default/web | p1a: 10.233.1.1, random port, TTL 64 |
| 41003, 41004 | a process on node1 | 10.96.0.20:80, default/api | p2a: 10.233.1.0, random port, TTL 63 |

A checker must find: nothing with the ClusterIP at any point and nothing on lo, since the process's packets are translated before
they reach a device; the first sighting is on cni0 or flannel.1, already translated and masqueraded. The replies on cni0 have
10.20.32.204 and the process's own port as destination.
STORY
}

traffic() {
  http node1 41001 10.96.0.10:80 10.233.1.1
  http node1 41002 10.96.0.10:80 10.233.1.1
  gap
  http node1 41003 10.96.0.20:80 10.233.1.0
  http node1 41004 10.96.0.20:80 10.233.1.0
}
