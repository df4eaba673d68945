title="hostPort, collected by Microsoft Retina, broken: a rule masquerades everything from outside"
source "$LAB_DIR/bundles.sh"
takes_part=(node2)

start_captures() { retina_points node1 node2; }
save_state() { retina_state; }
pack_bundle() { pack_retina; }

break_it() {
  on node1 iptables -t nat -A POSTROUTING ! -s 10.233.0.0/16 -d 10.233.1.0/24 -j MASQUERADE
}

story() {
  cat <<'STORY'
As bundle-retina-hostport, after `iptables -t nat -A POSTROUTING ! -s 10.233.0.0/16 -d 10.233.1.0/24 -j MASQUERADE` on node1. The
client (41001, 41002) and a process on node2 (41003) dial 10.20.32.204:9000 and get their answers, but the pod sees 10.233.1.1.

A checker must find: the rule, in node1's `iptables-rules.txt` with its line, for no plugin writes such a one.
STORY
}

traffic() {
  http client 41001 10.20.32.204:9000 10.233.1.1
  http client 41002 10.20.32.204:9000 10.233.1.1
  http node2 41003 10.20.32.204:9000 10.233.1.1
}
