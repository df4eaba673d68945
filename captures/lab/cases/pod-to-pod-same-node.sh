title="a pod on the same node, over the bridge"
takes_part=(p1b)
any_sll=

story() {
  cat <<'STORY'
p1b asks p1a itself, 10.233.1.2:8080; no hostPort is involved. The bridge carries the frames from port to port and nothing is
translated, although with bridge-nf-call-iptables = 1 they pass node1's rules. TTL 64 everywhere.

| source port | who asks | what | server sees | TTL |
| --- | --- | --- | --- | --- |
| 41001, 41002 | p1b | 10.233.1.2:8080 | 10.233.1.3, port kept | 64 |

A checker must find: p1b's own address and port at p1a, the same on both veths and on cni0; nothing on eth0, lo and flannel.1.
tcpdump's promiscuous mode is why cni0 shows frames from port to port at all; without it they pass cni0's tap unseen, and that would be
no fault.
STORY
}

traffic() {
  http p1b 41001 10.233.1.2:8080 10.233.1.3
  gap
  http p1b 41002 10.233.1.2:8080 10.233.1.3
}
