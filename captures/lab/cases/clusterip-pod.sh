title="ClusterIP from a pod, endpoint on the same node and on the other"
service_case
service default/web cluster_ip=10.96.0.10 port_name=http endpoints=p1a
service default/api cluster_ip=10.96.0.20 endpoints=p2a

story() {
  cat <<'STORY'
p1b asks the ClusterIP of a Service whose endpoint is p1a, on its own node, and of one whose endpoint is p2a. node1 translates the
destination and nothing else: a pod's address is inside the cluster CIDR, so kube-proxy does not masquerade it.

| source port | who asks | what | pod sees |
| --- | --- | --- | --- |
| 41001, 41002 | p1b | 10.96.0.10:80, default/web | p1a: 10.233.1.3, port kept, TTL 64 |
| 41003, 41004 | p1b | 10.96.0.20:80, default/api | p2a: 10.233.1.3, port kept, TTL 62 |

A checker must find: the ClusterIP on p1b's eth0 and veth, p1a:8080 or p2a:8080 behind node1, the source kept everywhere. p1a and
p1b are on one bridge, so that connection is bridged: its TTL stays 64, and a cni0 that is not promiscuous shows nothing of it.
For p2a cni0 shows the endpoint already (br_netfilter runs PREROUTING on the port) and the ClusterIP is
never on flannel.1 nor eth0.
STORY
}

traffic() {
  http p1b 41001 10.96.0.10:80 10.233.1.3
  http p1b 41002 10.96.0.10:80 10.233.1.3
  gap
  http p1b 41003 10.96.0.20:80 10.233.1.3
  http p1b 41004 10.96.0.20:80 10.233.1.3
}
