title="200 connections to a NodePort with two endpoints"
service_case
few_points
service default/web cluster_ip=10.96.0.10 node_port=30080 "endpoints=p1a p2a"

story() {
  cat <<STORY
The client opens 200 connections, one after the other, to a NodePort of node1 whose Service has an endpoint on each node and
externalTrafficPolicy Cluster. For each kube-proxy's rules draw the endpoint by lot, one half for each. In this recording p1a got
${ANSWERED[10.233.1.1]} of the client's connections and p2a ${ANSWERED[10.233.1.0]}.

| source port | who asks | what | pod sees |
| --- | --- | --- | --- |
| 43001 to 43200 | client | 10.20.32.204:30080 | p1a: 10.233.1.1, random port, TTL 62; or p2a: 10.233.1.0, random port, TTL 61 |

A checker must find: 200 connections of 200 healthy, and a split that a fair lot gives (between 72 and 128 for each but for once in
ten thousand recordings). Captured are the client, both nodes' eth0 and cni0, and the pods.
STORY
}

traffic() {
  many_connections 200 43001 10.20.32.204:30080
  expect "all answers" 200 "$((ANSWERED[10.233.1.1] + ANSWERED[10.233.1.0]))"
  if ((ANSWERED[10.233.1.1] < 72 || ANSWERED[10.233.1.1] > 128)); then expect "p1a's share" "72 to 128" "${ANSWERED[10.233.1.1]}"; fi
}
