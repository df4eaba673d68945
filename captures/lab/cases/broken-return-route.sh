title="NodePort and ClusterIP with the endpoint on the other node, broken: that node has no route back"
service_case
service default/web cluster_ip=10.96.0.10 node_port=30080 endpoints=p1a
service default/api cluster_ip=10.96.0.20 node_port=30081 endpoints=p2a

break_it() { ip -n "$LAB-node2" route del 10.233.1.0/24; }

story() {
  cat <<'STORY'
As nodeport-cluster and clusterip-pod, after `ip route del 10.233.1.0/24` on node2: its way to the pods of node1, by flannel.1, is missing.
Requests reach p2a over the VXLAN. Its answers leave node2 by the default route, bare, to the router, which does not know the
pod network.

| source port | who asks | what | pod sees | what the client gets |
| --- | --- | --- | --- | --- |
| 41001, 41002 | client | 10.20.32.204:30081 | p2a: 10.233.1.0, random port | nothing |
| 41003 | p1b | 10.96.0.20:80 | p2a: 10.233.1.3, port kept | nothing |
| 41004 | client | 10.20.32.204:30080 | p1a: 10.233.1.1, random port | the answer |

A checker must find: p2a's SYN-ACK on node2's eth0 where it should be on flannel.1, and nowhere on node1.
STORY
}

traffic() {
  http client 41001 10.20.32.204:30081 timeout
  http client 41002 10.20.32.204:30081 timeout
  http p1b 41003 10.96.0.20:80 timeout
  http client 41004 10.20.32.204:30080 10.233.1.1
}
