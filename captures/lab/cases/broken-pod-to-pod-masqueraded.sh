title="pods across nodes, broken: the sender's node translates the pod's address"
takes_part=(node2 p2a)
any_sll=

start_servers() {
  serve_http p1a 8080
  serve_http p2a 8080
}

break_it() {
  on node2 iptables -t nat -I POSTROUTING -s 10.233.2.0/24 ! -o cni0 -j MASQUERADE
}

story() {
  cat <<'STORY'
As pod-to-pod-other-node, after `iptables -t nat -I POSTROUTING -s 10.233.2.0/24 ! -o cni0 -j MASQUERADE` on node2, a rule in Docker's
shape that forgets the rest of the cluster. Everything is answered; network policies and access logs in p1a take p2a for its node.

| source port | who asks | what | outcome |
| --- | --- | --- | --- |
| 41001, 41002 | p2a | p1a, 10.233.1.2:8080 | answered; the server sees 10.233.2.0, node2's flannel.1, port kept, TTL 62 |
| 41003 | p1a | p2a, 10.233.2.2:8080 | answered; the server sees 10.233.1.2, port kept, TTL 62 |

A checker must find: 10.233.2.2 on p2a's eth0, its veth and node2's cni0, 10.233.2.0 on both nodes' flannel.1 and at p1a. No NAT is right between
pods, whichever direction. 41003, whose answers the rule does not touch (it is asked for first packets only), is healthy.
STORY
}

traffic() {
  http p2a 41001 10.233.1.2:8080 10.233.2.0
  http p2a 41002 10.233.1.2:8080 10.233.2.0
  http p1a 41003 10.233.2.2:8080 10.233.1.2
}
