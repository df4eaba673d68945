title="ClusterIP from a pod, broken: bridge-nf-call-iptables is 0"
service_case
service default/web cluster_ip=10.96.0.10 endpoints=p1a
service default/api cluster_ip=10.96.0.20 endpoints=p2a

break_it() { on node1 sysctl -qw net.bridge.bridge-nf-call-iptables=0; }

story() {
  cat <<'STORY'
As clusterip-pod, with `net.bridge.bridge-nf-call-iptables=0` on node1. p1b's request to the ClusterIP is routed and translated to p1a, but
p1a's answer to p1b is bridged and meets no rule: p1b gets a SYN-ACK from 10.233.1.2:8080, which it never dialled, and resets it.
An endpoint on the other node is reached by routing both ways, so that works.

| source port | who asks | what | pod sees | what p1b gets |
| --- | --- | --- | --- | --- |
| 41001, 41002 | p1b | 10.96.0.10:80, default/web | p1a: 10.233.1.3, port kept, TTL 63 | SYN-ACKs from 10.233.1.2:8080; nothing |
| 41003 | p1b | 10.96.0.20:80, default/api | p2a: 10.233.1.3, port kept, TTL 62 | the answer |

A checker must find: a reply that bypasses the node's translation, and why. cni0 shows what is on the wire here.
STORY
}

traffic() {
  http p1b 41001 10.96.0.10:80 timeout
  http p1b 41002 10.96.0.10:80 timeout
  http p1b 41003 10.96.0.20:80 10.233.1.3
}
