title="NodePort with externalTrafficPolicy Cluster, broken: nothing is masqueraded"
service_case
service default/web cluster_ip=10.96.0.10 node_port=30080 endpoints=p1a
service default/api cluster_ip=10.96.0.20 node_port=30081 endpoints=p2a

break_it() {
  local node
  on node1 iptables -t nat -F KUBE-MARK-MASQ
  # flannel without --ip-masq, on both nodes: its own rule would cover for the one that is missing.
  for node in node1 node2; do on "$node" iptables -t nat -F FLANNEL-POSTRTG; done
}

extra_topology() {
  echo "podNetwork: { masquerade: none }"
}

story() {
  cat <<'STORY'
As nodeport-cluster, after `iptables -t nat -F KUBE-MARK-MASQ` on node1, in a cluster whose flannel does not masquerade. The client's
request reaches p2a with the client's own address, so p2a's answer goes from node2 straight to the client, not by node1: the client
gets a SYN-ACK from 10.233.2.2:8080, which it never dialled, and resets it. With the endpoint on node1 the answer passes
node1 in any case and nobody but the pod notices.

| source port | who asks | what | pod sees | what the client gets |
| --- | --- | --- | --- | --- |
| 41001, 41002 | client | 10.20.32.204:30081 | p2a: 198.51.100.79, port kept | SYN-ACKs from 10.233.2.2:8080; nothing |
| 41003 | client | 10.20.32.204:30080 | p1a: 198.51.100.79, port kept | the answer |
| 41004 | a process on node1 | 127.0.0.1:30080 | p1a: 127.0.0.1, port kept | nothing: p1a drops it |

A checker must find: the masquerade missing behind node1 for all four, the reply of 41001 and 41002 that bypasses node1.
STORY
}

traffic() {
  http client 41001 10.20.32.204:30081 timeout
  http client 41002 10.20.32.204:30081 timeout
  http client 41003 10.20.32.204:30080 198.51.100.79
  http node1 41004 127.0.0.1:30080 timeout
}
