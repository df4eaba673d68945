title="hostPort from an external client, broken: a rule in FORWARD drops the SYN"

break_it() {
  on node1 iptables -I FORWARD -d 10.233.1.0/24 -p tcp --dport 8080 -m conntrack --ctstate NEW -j DROP
}

story() {
  cat <<'STORY'
As hostport-external (source ports 41001, 41002), after
`iptables -I FORWARD -d 10.233.1.0/24 -p tcp --dport 8080 -m conntrack --ctstate NEW -j DROP` on node1. The SYN is at node1's
eth0, is repeated every second, and is nowhere behind it: nothing of it on cni0, the veth and in the pod, no RST and no ICMP.
The client gives up after 5 seconds. The control requests from node1 pass, since they are not forwarded.
STORY
}

traffic() {
  http client 41001 10.20.32.204:9000 timeout
  gap
  http client 41002 10.20.32.204:9000 timeout
}
