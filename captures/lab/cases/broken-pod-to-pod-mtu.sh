title="pods across nodes, broken: the nodes' own network drops large packets"
takes_part=(node2 p2a)
any_sll=

break_it() {
  ip -n "$LAB-router" link set to-node1 mtu 1400
}

story() {
  cat <<'STORY'
As pod-to-pod-other-node, with a switch between the nodes that carries 1400 bytes towards node1 and tells nobody. Pods count on 1450, the nodes on
1500: a large packet of p2a is too large for it once it is in VXLAN.

| source port | who asks | what | outcome |
| --- | --- | --- | --- |
| 41001 | p2a | p1a, 10.233.1.2:8080, a small request | answered; the server sees 10.233.2.2 |
| 41002 | p2a | p1a, posts 1200 bytes | connected, then no answer |

A checker must find: the handshake of 41002 at every point, its one large segment again and again at p2a's eth0 and veth, node2's cni0, flannel.1
and, in VXLAN, eth0, and never at node1's eth0. No ICMP says why.
STORY
}

# post SOURCE-PORT BYTES OUTCOME
post() {
  local status=0 outcome=answered
  on p2a curl --silent --output /dev/null --noproxy '*' --user-agent lab --local-port "$1" --max-time 2 \
    --data "$(printf '%*s' "$2" '' | tr ' ' a)" http://10.233.1.2:8080/ || status=$?
  ((status == 28)) && outcome=timeout
  expect "p2a:$1 posts $2 bytes" "$3" "$outcome"
}

traffic() {
  http p2a 41001 10.233.1.2:8080 10.233.2.2
  gap
  post 41002 1200 timeout
}
