# What a support bundle holds beside the captures, and the topology in pcapcheck's own words.

SYSCTLS=(
  net.ipv4.ip_forward net.ipv4.ip_default_ttl net.ipv4.ip_local_port_range
  net.bridge.bridge-nf-call-iptables
  net.ipv4.conf.{all,default,lo,eth0,cni0,flannel/1}.{rp_filter,route_localnet,forwarding}
  net.netfilter.nf_conntrack_tcp_be_liberal net.netfilter.nf_conntrack_tcp_loose
  net.netfilter.nf_conntrack_udp_timeout net.netfilter.nf_conntrack_udp_timeout_stream
)

save_state() {
  save_node_state node1
  if [[ " ${takes_part[*]} " == *" node2 "* ]]; then save_node_state node2; fi
}

save_node_state() {
  local node=$1
  on "$node" iptables-save -c >"$RECORDED/$node.iptables-save.txt"
  on "$node" conntrack -L -o extended >"$RECORDED/$node.conntrack.txt" 2>/dev/null
  on "$node" ip -j addr | jq . >"$RECORDED/$node.ip-addr.json"
  on "$node" ip -j route show table all | jq . >"$RECORDED/$node.ip-route.json"
  on "$node" sysctl "${SYSCTLS[@]}" >"$RECORDED/$node.sysctl.txt"
}

write_topology() {
  echo "schema: pcapcheck.topology/v1"
  echo "nodes:"
  write_node node1 10.20.32.204
  write_node node2 10.20.32.205
  echo "pods:"
  local pod
  for pod in "${PODS[@]}"; do write_pod "$pod"; done
  if declare -F extra_pods >/dev/null; then extra_pods; fi
  echo "clients:"
  echo "  - { name: client, addresses: [198.51.100.79] }"
  echo "clusterCIDR: $CLUSTER_CIDR"
  echo "portmap: \"$(plugins_version)\""
}

write_node() {
  local node=$1 address=$2
  echo "  - name: $node"
  echo "    addresses: [$address]"
  echo "    podCIDR: $(pod_cidr "$node")"
  echo "    interfaces:"
  on "$node" ip -j addr | jq -r --argjson pods "$(pods_by_veth)" '
    def kind: if . == "eth0" then "uplink" elif . == "cni0" then "bridge" elif . == "flannel.1" then "overlay"
      elif . == "lo" then "loopback" else "veth" end;
    .[] | (.ifname | kind) as $kind
    | "name: \(.ifname), index: \(.ifindex), kind: \($kind)"
      + (if $kind == "veth" then ", pod: \($pods[.ifname])"
         else ", addresses: [" + ([.addr_info[] | "\(.local)/\(.prefixlen)"] | join(", ")) + "]" end)
    | "      - { \(.) }"'
}

pods_by_veth() {
  local pod
  for pod in "${!POD_VETH[@]}"; do
    jq -n --arg veth "${POD_VETH[$pod]}" --arg pod "$pod" '{ ($veth): $pod }'
  done | jq -s add
}

write_pod() {
  local pod=$1
  jq -r -n --arg pod "$pod" --arg node "${POD_NODE[$pod]}" --arg address "$(pod_address "$pod")" \
    --arg gone "${POD_GONE[$pod]:-}" --argjson ports "${POD_HOST_PORTS[$pod]}" '
    def port: (if .hostIP then "hostIP: \(.hostIP), " else "" end)
      + "hostPort: \(.hostPort), containerPort: \(.containerPort), protocol: \(.protocol)";
    "  - { name: \($pod), node: \($node), address: \($address)"
    + (if $gone != "" then ", gone: true"
       elif $ports != [] then ", hostPorts: [" + ([$ports[] | "{ \(port) }"] | join(", ")) + "]" else "" end)
    + " }"'
}
