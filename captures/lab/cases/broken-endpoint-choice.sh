title="60 connections to a NodePort with two endpoints, broken: one endpoint gets all"
service_case
few_points
service default/web cluster_ip=10.96.0.10 node_port=30080 "endpoints=p1a p2a"

# The second rule of the chain, after the one that marks, is p1a's.
break_it() {
  on node1 iptables -t nat -R "$(chain SVC default/web)" 2 \
    -m comment --comment "default/web -> 10.233.1.2:8080" -j "$(endpoint_chain default/web p1a)"
}

story() {
  cat <<'STORY'
As nodeport-200-connections with 60 connections, but p1a's rule in node1's KUBE-SVC chain has lost its
`-m statistic --mode random --probability 0.5`: it matches always, and p2a's rule after it is never reached.

| source port | who asks | what | pod sees |
| --- | --- | --- | --- |
| 43001 to 43060 | client | 10.20.32.204:30080 | p1a: 10.233.1.1, random port, TTL 62 |

A checker must find: every connection healthy in itself, and a split of 60 to 0 that a fair lot does not give. Captured are the client,
both nodes' eth0 and cni0, and the pods.
STORY
}

traffic() {
  many_connections 60 43001 10.20.32.204:30080
  expect "answers from p1a" 60 "${ANSWERED[10.233.1.1]}"
}
