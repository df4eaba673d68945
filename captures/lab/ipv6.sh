# A cluster of IPv6 alone, of one node with pods: a case about it sources this file.
#
#   client 2001:db8:64::4f -- router 2001:db8:64::1 / fd00:20:32::1 -- node1 fd00:20:32::204  cni0 fd00:233:1::1  p1a  p1b

CLUSTER_CIDR=fd00:233::/32
any_sll=

eval "without_ipv6_$(declare -f make_namespace)"
make_namespace() {
  without_ipv6_make_namespace "$1"
  # No duplicate address detection: an address that is tentative for a second answers nobody.
  on "$1" sysctl -qw net.ipv6.conf.all.disable_ipv6=0 net.ipv6.conf.default.disable_ipv6=0 net.ipv6.conf.lo.disable_ipv6=0 \
    net.ipv6.conf.all.accept_dad=0 net.ipv6.conf.default.accept_dad=0 net.ipv6.conf.default.accept_ra=0 \
    net.ipv6.conf.default.router_solicitations=0
}

make_machines() {
  make_namespace router
  make_namespace client
  on router sysctl -qw net.ipv6.conf.all.forwarding=1
  wire client 02:00:c6:33:64:4f 2001:db8:64::4f/64 to-client
  ip -n "$LAB-router" addr add 2001:db8:64::1/64 dev to-client
  ip -n "$LAB-client" -6 route add default via 2001:db8:64::1
  make_namespace node1
  on node1 sysctl -qw net.ipv6.conf.all.forwarding=1 net.ipv6.conf.default.forwarding=1 net.bridge.bridge-nf-call-iptables=1 net.bridge.bridge-nf-call-ip6tables=1
  wire node1 "$(eth0_mac 1)" fd00:20:32::204/64 to-node1
  ip -n "$LAB-router" addr add fd00:20:32::1/64 dev to-node1
  ip -n "$LAB-node1" -6 route add default via fd00:20:32::1
  # As flannel with IPv6 masquerades.
  on node1 ip6tables -t nat -A POSTROUTING -s "$CLUSTER_CIDR" ! -d "$CLUSTER_CIDR" -m comment --comment "flanneld masq" -j MASQUERADE --random-fully
  add_pod p1a node1 "$HOST_PORTS"
  add_pod p1b node1 '[]'
}

pod_cidr() { echo "fd00:233:1::/64"; }

bridge_config() {
  jq -n --arg subnet "$(pod_cidr "$1")" --arg state "$WORK/ipam-$1" '{
    cniVersion: "1.0.0", name: "cbr0", type: "bridge", bridge: "cni0", mtu: 1450,
    isGateway: true, isDefaultGateway: true, hairpinMode: true, ipMasq: false,
    ipam: { type: "host-local", dataDir: $state, ranges: [[{ subnet: $subnet }]] }
  }'
}

# serve_http MACHINE PORT: as in traffic.sh.
serve_http() {
  ip netns exec "$LAB-$1" socat "TCP6-LISTEN:$2,fork,reuseaddr,backlog=16" \
    EXEC:"bash $LAB_DIR/answer-http.sh" 2>"$WORK/http-$1.err" &
  BACKGROUND+=($!)
  wait_for_socket "$1" tcp "$2"
}

# start_captures: the one node's points.
start_captures() {
  capture client.eth0 client eth0
  capture node1.eth0 node1 eth0
  capture node1.cni0 node1 cni0 -p
  capture node1.any node1 any -y LINUX_SLL2 --time-stamp-precision=nano
  capture_pod p1a
  capture_pod p1b
  wait_for_captures
}

save_state() {
  on node1 ip6tables-save -c >"$RECORDED/node1.ip6tables-save.txt"
  on node1 conntrack -L -f ipv6 -o extended >"$RECORDED/node1.conntrack.txt" 2>/dev/null
  on node1 ip -j addr | jq . >"$RECORDED/node1.ip-addr.json"
  on node1 ip -6 -j route show table all | jq . >"$RECORDED/node1.ip-6-route.json"
  on node1 sysctl net.ipv6.conf.all.forwarding net.bridge.bridge-nf-call-iptables net.bridge.bridge-nf-call-ip6tables net.netfilter.nf_conntrack_tcp_be_liberal \
    net.netfilter.nf_conntrack_tcp_loose >"$RECORDED/node1.sysctl.txt"
}

write_topology() {
  local pod
  echo "schema: pcapcheck.topology/v1"
  echo "nodes:"
  write_node node1 "\"fd00:20:32::204\"" | sed 's|podCIDR: \(.*\)|podCIDR: "\1"|; s|addresses: \[\([0-9a-f:.]*/[0-9]*\(, [0-9a-f:.]*/[0-9]*\)*\)\]|addresses: ["\1"]|; s|, \([0-9a-f:]*/\)|", "\1|g'
  echo "pods:"
  for pod in "${PODS[@]}"; do write_pod "$pod" | sed 's|address: \([0-9a-f:]*\)|address: "\1"|'; done
  echo "clients:"
  echo "  - { name: client, addresses: [\"2001:db8:64::4f\"] }"
  echo "clusterCIDR: \"$CLUSTER_CIDR\""
  echo "portmap: \"$(plugins_version)\""
  if declare -F extra_topology >/dev/null; then extra_topology; fi
}
