title="ClusterIP from its own endpoint"
service_case
service default/web cluster_ip=10.96.0.10 endpoints=p1a

story() {
  cat <<'STORY'
p1a asks the ClusterIP of the Service whose only endpoint it is, and gets itself. KUBE-SEP marks what comes from the endpoint's own
address, so the source is masqueraded: p1a sees cni0's address. The frame leaves by the bridge port it came in on (hairpin mode).

| source port | who asks | what | pod sees |
| --- | --- | --- | --- |
| 41001, 41002 | p1a | 10.96.0.10:80, default/web | p1a: 10.233.1.1, random port, TTL 64 |

A checker must find: each connection twice on p1a's eth0 and veth, 10.233.1.2 to 10.96.0.10:80 and 10.233.1.1 to p1a:8080 with the same ISN.
STORY
}

traffic() {
  http p1a 41001 10.96.0.10:80 10.233.1.1
  gap
  http p1a 41002 10.96.0.10:80 10.233.1.1
}
