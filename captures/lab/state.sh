# What a support bundle holds beside the captures, and the topology in pcapcheck's own words.

SYSCTLS=(
  net.ipv4.ip_forward net.ipv4.ip_default_ttl net.ipv4.ip_local_port_range
  net.bridge.bridge-nf-call-iptables
  net.netfilter.nf_conntrack_tcp_be_liberal net.netfilter.nf_conntrack_tcp_loose
  net.netfilter.nf_conntrack_udp_timeout net.netfilter.nf_conntrack_udp_timeout_stream
)

save_state() {
  local pod
  save_node_state node1
  if [[ " ${takes_part[*]} " == *" node2 "* ]]; then save_node_state node2; fi
  for pod in "${pod_state[@]}"; do save_machine_state "$pod" "pod-$pod"; done
}

save_node_state() { save_machine_state "$1" "$1"; }

# save_machine_state MACHINE NAME: a node's state, or a pod's own.
save_machine_state() {
  local machine=$1 name=$2
  on "$machine" iptables-save -c >"$RECORDED/$name.iptables-save.txt"
  on "$machine" conntrack -L -o extended >"$RECORDED/$name.conntrack.txt" 2>/dev/null
  on "$machine" ip -j addr | jq . >"$RECORDED/$name.ip-addr.json"
  on "$machine" ip -j route show table all | jq . >"$RECORDED/$name.ip-route.json"
  on "$machine" sysctl "${SYSCTLS[@]}" $(interface_sysctls "$machine") >"$RECORDED/$name.sysctl.txt"
}

# interface_sysctls MACHINE: those of its interfaces, but of no veth: their names differ from run to run.
interface_sysctls() {
  local interface setting
  for interface in all default lo eth0 cni0 flannel.1 docker0; do
    if [[ $interface != all && $interface != default ]] && ! has_interface "$1" "$interface"; then continue; fi
    for setting in rp_filter route_localnet forwarding; do echo "net.ipv4.conf.${interface/./\/}.$setting"; done
  done
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
  if declare -F extra_clients >/dev/null; then extra_clients; fi
  echo "clusterCIDR: $CLUSTER_CIDR"
  echo "portmap: \"$(plugins_version)\""
  write_services
  if declare -F extra_topology >/dev/null; then extra_topology; fi
}

write_node() {
  local node=$1 address=$2
  echo "  - name: $node"
  echo "    addresses: [$address]"
  echo "    podCIDR: $(pod_cidr "$node")"
  write_interfaces "$node"
}

write_interfaces() {
  local node=$1
  echo "    interfaces:"
  on "$node" ip -j addr | jq -r --argjson pods "$(pods_by_veth)" '
    def kind: if . == "eth0" then "uplink" elif . == "cni0" or . == "docker0" then "bridge" elif . == "flannel.1" then "overlay"
      elif . == "lo" then "loopback" else "veth" end;
    .[] | (.ifname | kind) as $kind
    | "name: \(.ifname), index: \(.ifindex), kind: \($kind)"
      + (if $kind == "veth" then ", pod: \($pods[.ifname])"
         else ", addresses: [" + ([.addr_info[] | "\(.local)/\(.prefixlen)"] | join(", ")) + "]" end)
    | "      - { \(.) }"'
}

# What a case says of a pod besides: ", sidecar: { inboundPort: 15006 }".
declare -A POD_MORE

pods_by_veth() {
  local pod
  for pod in "${!POD_VETH[@]}"; do
    jq -n --arg veth "${POD_VETH[$pod]}" --arg pod "$pod" '{ ($veth): $pod }'
  done | jq -s add
}

write_pod() {
  local pod=$1
  jq -r -n --arg pod "$pod" --arg node "${POD_NODE[$pod]}" --arg address "$(pod_address "$pod")" \
    --arg gone "${POD_GONE[$pod]:-}" --arg more "${POD_MORE[$pod]:-}" --argjson ports "${POD_HOST_PORTS[$pod]}" '
    def port: (if .hostIP then "hostIP: \(.hostIP), " else "" end)
      + "hostPort: \(.hostPort), containerPort: \(.containerPort), protocol: \(.protocol)";
    "  - { name: \($pod), node: \($node), address: \($address)"
    + (if $gone != "" then ", gone: true"
       elif $ports != [] then ", hostPorts: [" + ([$ports[] | "{ \(port) }"] | join(", ")) + "]" else "" end)
    + $more + " }"'
}
