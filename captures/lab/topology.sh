# The network: one namespace per machine, every wire a veth pair.
#
#   client 198.51.100.79 -- router 198.51.100.1 / 10.20.32.1 (bridge ul0) --+-- node1 10.20.32.204
#                                                                          +-- node2 10.20.32.205

CLUSTER_CIDR=10.233.0.0/16
NAMESPACES=()

# on MACHINE COMMAND...: runs the command in the machine's network namespace.
on() {
  ip netns exec "$LAB-$1" "${@:2}"
}

has_interface() {
  ip -n "$LAB-$1" link show dev "$2" >/dev/null 2>&1
}

make_namespace() {
  ip netns add "$LAB-$1"
  NAMESPACES+=("$1")
  # IPv6 would fill the captures with neighbour discovery and multicast reports.
  on "$1" sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1
  # A snooping bridge reports its own multicast group at a random moment.
  on "$1" sysctl -qw net.ipv4.igmp_link_local_mcast_reports=0
  ip -n "$LAB-$1" link set lo up
}

remove_namespaces() {
  local name
  for name in "${NAMESPACES[@]}"; do
    ip netns pids "$LAB-$name" 2>/dev/null | xargs -r kill 2>/dev/null
    ip netns del "$LAB-$name" 2>/dev/null
  done
}

# wire MACHINE MAC ADDRESS PORT: the machine's eth0, whose other end is the router's interface PORT.
wire() {
  local machine=$1 mac=$2 address=$3 router_port=$4
  ip link add eth0 netns "$LAB-$machine" address "$mac" type veth \
    peer name "$router_port" netns "$LAB-router"
  ip -n "$LAB-$machine" addr add "$address" dev eth0
  ip -n "$LAB-$machine" link set eth0 up
  ip -n "$LAB-router" link set "$router_port" up
}

make_underlay() {
  make_namespace router
  make_namespace client
  on router sysctl -qw net.ipv4.ip_forward=1 net.bridge.bridge-nf-call-iptables=0
  wire client 02:00:c6:33:64:4f 198.51.100.79/24 to-client
  ip -n "$LAB-router" addr add 198.51.100.1/24 dev to-client
  ip -n "$LAB-client" route add default via 198.51.100.1
  ip -n "$LAB-router" link add ul0 address 02:00:0a:14:20:fe type bridge stp_state 0 mcast_snooping 0
  ip -n "$LAB-router" addr add 10.20.32.1/24 dev ul0
  ip -n "$LAB-router" link set ul0 up
}

# make_node NAME ADDRESS NUMBER: a Kubernetes node with flannel (VXLAN) and pod CIDR 10.233.NUMBER.0/24.
# Its cni0 appears with its first pod, as on a real node.
make_node() {
  local node=$1 address=$2 number=$3
  make_namespace "$node"
  # rp_filter as systemd on Debian sets it (loose); the others as kubeadm asks for.
  on "$node" sysctl -qw net.ipv4.ip_forward=1 net.bridge.bridge-nf-call-iptables=1 \
    net.ipv4.conf.default.rp_filter=2
  wire "$node" "$(eth0_mac "$number")" "$address/24" "to-$node"
  ip -n "$LAB-router" link set "to-$node" master ul0
  ip -n "$LAB-$node" route add default via 10.20.32.1
  make_flannel "$node" "$address" "$number"
  install_node_rules "$node" "10.233.$number.0/24"
}

eth0_mac() { echo "02:00:0a:14:20:0$1"; }
flannel_mac() { echo "02:00:0a:e9:00:0$1"; }

# make_flannel NODE ADDRESS NUMBER: flannel.1 and the way to the one other node, as flanneld programs them.
make_flannel() {
  local node=$1 address=$2 number=$3
  local other=$((3 - number))
  ip -n "$LAB-$node" link add flannel.1 address "$(flannel_mac "$number")" mtu 1450 type vxlan \
    id 1 dev eth0 local "$address" dstport 8472 nolearning
  ip -n "$LAB-$node" addr add "10.233.$number.0/32" dev flannel.1
  ip -n "$LAB-$node" link set flannel.1 up
  ip -n "$LAB-$node" neigh add "10.233.$other.0" lladdr "$(flannel_mac "$other")" dev flannel.1
  bridge -n "$LAB-$node" fdb add "$(flannel_mac "$other")" dev flannel.1 dst "10.20.32.$((203 + other))" \
    self permanent
  ip -n "$LAB-$node" route add "10.233.$other.0/24" via "10.233.$other.0" dev flannel.1 onlink
}
