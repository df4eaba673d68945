# A known number of connections between two snapshots of the rules' counters: what the cases about them share.

takes_part=(node2 p2a)
cni0_options=(-p)
any_sll=
client_outcome=198.51.100.79
pod_outcome=10.20.32.205

save_counters_before() {
  local node
  mkdir "$RECORDED/before"
  for node in node1 node2; do on "$node" iptables-save -c >"$RECORDED/before/$node.iptables-save.txt"; done
}

traffic() {
  local port
  save_counters_before
  for port in {41001..41012}; do http client "$port" 10.20.32.204:9000 "$client_outcome"; done
  for port in {41101..41103}; do http p2a "$port" 10.20.32.204:9000 "$pod_outcome"; done
}
