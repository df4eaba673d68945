title="hostPort, collected by KubeSkoop, broken: a rule in FORWARD drops the SYN"
source "$LAB_DIR/bundles.sh"

start_captures() { kubeskoop_points node1 p1a; }
save_state() { :; }
pack_bundle() { pack_kubeskoop; }

break_it() {
  on node1 iptables -I FORWARD -d 10.233.1.0/24 -p tcp --dport 8080 -m conntrack --ctstate NEW -j DROP
}

story() {
  cat <<'STORY'
As bundle-kubeskoop-hostport (source ports 41001, 41002), after
`iptables -I FORWARD -d 10.233.1.0/24 -p tcp --dport 8080 -m conntrack --ctstate NEW -j DROP` on node1. The node's file has the SYN
on eth0, again every second; the pod's has the control requests from node1 alone. The client gives up after 5 seconds.
STORY
}

traffic() {
  http client 41001 10.20.32.204:9000 timeout
  gap
  http client 41002 10.20.32.204:9000 timeout
}
