title="NodePort with its endpoint on the other node, captured by a printed plan, broken: nothing is masqueraded"
service_case
source "$LAB_DIR/plan.sh"
plan_options=(--scenario nodeport-cluster --service default/api --node node1 --client 198.51.100.79)
service default/api cluster_ip=10.96.0.20 node_port=30081 endpoints=p2a

break_it() {
  local node
  on node1 iptables -t nat -F KUBE-MARK-MASQ
  # flannel without --ip-masq, on both nodes: its own rule would cover for the one that is missing.
  for node in node1 node2; do on "$node" iptables -t nat -F FLANNEL-POSTRTG; done
}

extra_topology() {
  echo "podNetwork: { masquerade: none }"
}

story() {
  cat <<'STORY'
As plan-nodeport, after `iptables -t nat -F KUBE-MARK-MASQ` on node1, in a cluster whose flannel does not masquerade. p2a sees the
client's own address and answers it straight from node2, past node1: the client gets a SYN-ACK from 10.233.2.2:8080, which it
never dialled, and resets it (source ports 41001, 41002). Everything is captured and saved by the lines of a plan.
STORY
}

traffic() {
  http client 41001 10.20.32.204:30081 timeout
  http client 41002 10.20.32.204:30081 timeout
}
