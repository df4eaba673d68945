title="ClusterIP with internalTrafficPolicy Local"
service_case
service default/web cluster_ip=10.96.0.10 internal_policy=Local endpoints=p1a

story() {
  cat <<'STORY'
The Service has internalTrafficPolicy Local and its one endpoint is p1a on node1. On node1 that is like any ClusterIP. node2 has
no endpoint of its own, so kube-proxy there drops what goes to the ClusterIP, and that is what the policy is for.

| source port | who asks | what | pod sees |
| --- | --- | --- | --- |
| 41001 | p1b | 10.96.0.10:80, default/web | p1a: 10.233.1.3, port kept, TTL 64 |
| 41002 | a process on node1 | 10.96.0.10:80 | p1a: 10.233.1.1, random port, TTL 64 |
| 41003 | p2a | 10.96.0.10:80 | nobody: silence |
| 41004 | a process on node2 | 10.96.0.10:80 | nobody: silence |

A checker must find: silence is right for 41003 and 41004. p2a's SYN is on its eth0, veth and node2's cni0 and nowhere else, dropped
in FORWARD by KUBE-SERVICES; that of node2's process is at no point, dropped in OUTPUT.
STORY
}

traffic() {
  http p1b 41001 10.96.0.10:80 10.233.1.3
  http node1 41002 10.96.0.10:80 10.233.1.1
  gap
  http p2a 41003 10.96.0.10:80 timeout
  http node2 41004 10.96.0.10:80 timeout
}
