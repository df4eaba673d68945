# A machine with Docker instead of the two nodes: a case about it sources this file first.
#
#   client 198.51.100.79 -- router -- dock 10.20.32.206  docker0 172.17.0.1/16  c1 .2 (the server)  c2 .3
#
# The daemon is played: its rules are in the shape of moby v26.1.4 (libnetwork/drivers/bridge/setup_ip_tables_linux.go,
# libnetwork/iptables/iptables.go), its docker-proxy is socat.

any_sll=
userland_proxy=true # as daemon.json's userland-proxy
icc=true            # as daemon.json's icc: containers of one bridge may talk to each other
bridge_point=dock.docker0
daemon_runs=yes     # the daemon's docker-proxies and listeners end with it; its rules and containers stay
PUBLISHED='[{"hostPort":8080,"containerPort":80,"protocol":"tcp"}]'
CONTAINERS=()

make_machines() {
  make_underlay
  make_dock
  add_container c1 172.17.0.2 "$PUBLISHED"
  add_container c2 172.17.0.3 '[]'
}

make_dock() {
  make_namespace dock
  on dock sysctl -qw net.ipv4.ip_forward=1 net.bridge.bridge-nf-call-iptables=1 net.ipv4.conf.default.rp_filter=2
  wire dock 02:00:0a:14:20:06 10.20.32.206/24 to-dock
  ip -n "$LAB-router" link set to-dock master ul0
  ip -n "$LAB-dock" route add default via 10.20.32.1
  ip -n "$LAB-dock" link add docker0 address 02:42:0a:14:20:06 type bridge mcast_snooping 0
  ip -n "$LAB-dock" addr add 172.17.0.1/16 brd 172.17.255.255 dev docker0
  ip -n "$LAB-dock" link set docker0 up
  # The daemon does so in hairpin mode (setup_device_linux.go, setupDevice's route_localnet).
  if [[ $userland_proxy == false ]]; then on dock sysctl -qw net.ipv4.conf.docker0.route_localnet=1; fi
  install_docker_rules
}

# add_container NAME ADDRESS PORT-MAPPINGS: with its published ports in the form that a pod's host ports have.
add_container() {
  local container=$1 address=$2 mappings=$3 veth
  veth=veth$(sha256sum <<<"pcapcheck lab $container" | cut -c1-7)
  make_namespace "$container"
  PODS+=("$container")
  CONTAINERS+=("$container")
  POD_NODE[$container]=dock
  POD_HOST_PORTS[$container]=$mappings
  POD_VETH[$container]=$veth
  POD_RESULT[$container]=$(jq -n --arg address "$address/16" '{ ips: [{ address: $address }] }')
  POD_MORE[$container]=", network: bridge"
  ip link add eth0 netns "$LAB-$container" address "$(container_mac "$address")" type veth \
    peer name "$veth" netns "$LAB-dock"
  ip -n "$LAB-dock" link set "$veth" master docker0 up
  if [[ $userland_proxy == false ]]; then bridge -n "$LAB-dock" link set dev "$veth" hairpin on; fi
  ip -n "$LAB-$container" addr add "$address/16" brd 172.17.255.255 dev eth0
  ip -n "$LAB-$container" link set eth0 up
  ip -n "$LAB-$container" route add default via 172.17.0.1
  publish_ports "$address" "$mappings"
}

# Docker makes it of the address: 02:42 and the four bytes.
container_mac() {
  printf '02:42:%02x:%02x:%02x:%02x\n' ${1//./ }
}

install_docker_rules() {
  local loopback='' hairpin_masquerade='' skip_dnat='' icc_target=DROP
  if [[ $userland_proxy == true ]]; then
    loopback='! -d 127.0.0.0/8'
    skip_dnat='-A DOCKER -i docker0 -j RETURN'
  else
    hairpin_masquerade='-A POSTROUTING -o docker0 -m addrtype --src-type LOCAL -j MASQUERADE'
  fi
  if [[ $icc == true ]]; then icc_target=ACCEPT; fi
  on dock iptables-restore <<RULES
*nat
:PREROUTING ACCEPT [0:0]
:INPUT ACCEPT [0:0]
:OUTPUT ACCEPT [0:0]
:POSTROUTING ACCEPT [0:0]
:DOCKER - [0:0]
-A PREROUTING -m addrtype --dst-type LOCAL -j DOCKER
-A OUTPUT $loopback -m addrtype --dst-type LOCAL -j DOCKER
$hairpin_masquerade
-A POSTROUTING -s 172.17.0.0/16 ! -o docker0 -j MASQUERADE
$skip_dnat
COMMIT
*filter
:INPUT ACCEPT [0:0]
:FORWARD DROP [0:0]
:OUTPUT ACCEPT [0:0]
:DOCKER - [0:0]
:DOCKER-ISOLATION-STAGE-1 - [0:0]
:DOCKER-ISOLATION-STAGE-2 - [0:0]
:DOCKER-USER - [0:0]
-A FORWARD -j DOCKER-USER
-A FORWARD -j DOCKER-ISOLATION-STAGE-1
-A FORWARD -o docker0 -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
-A FORWARD -o docker0 -j DOCKER
-A FORWARD -i docker0 ! -o docker0 -j ACCEPT
-A FORWARD -i docker0 -o docker0 -j $icc_target
-A DOCKER-ISOLATION-STAGE-1 -i docker0 ! -o docker0 -j DOCKER-ISOLATION-STAGE-2
-A DOCKER-ISOLATION-STAGE-1 -j RETURN
-A DOCKER-ISOLATION-STAGE-2 -o docker0 -j DROP
-A DOCKER-ISOLATION-STAGE-2 -j RETURN
-A DOCKER-USER -j RETURN
COMMIT
RULES
}

# publish_ports ADDRESS PORT-MAPPINGS: iptables.ChainInfo.Forward for each, and who holds the port on the host.
publish_ports() {
  local address=$1 mappings=$2 from=(! -i docker0) host_port port
  if [[ $userland_proxy == false ]]; then from=(); fi
  while read -r host_port port; do
    on dock iptables -t nat -A DOCKER -p tcp "${from[@]}" --dport "$host_port" -j DNAT --to-destination "$address:$port"
    on dock iptables -A DOCKER ! -i docker0 -o docker0 -p tcp -d "$address" --dport "$port" -j ACCEPT
    on dock iptables -t nat -A POSTROUTING -p tcp -s "$address" -d "$address" --dport "$port" -j MASQUERADE
    if [[ -z $daemon_runs ]]; then continue; fi
    if [[ $userland_proxy == true ]]; then
      relay dock "$host_port" "$address:$port"
    else
      reserve_port dock "$host_port"
    fi
  done < <(jq -r '.[] | "\(.hostPort) \(.containerPort)"' <<<"$mappings")
}

start_servers() { serve_http c1 80; }
control() { http dock "$1" 172.17.0.2:80 172.17.0.1; }

control_note() {
  echo "Control: one request from dock itself (172.17.0.1) straight to c1 before the clients', source port 40001, and one" \
    "after, 40002: captures of container, veth and docker0 ran throughout. Docker's daemon is played: rules in the shape of" \
    "moby v26.1.4 typed in, docker-proxy is socat."
}

start_captures() {
  local container
  capture client.eth0 client eth0
  capture dock.eth0 dock eth0
  capture dock.docker0 dock docker0 "${cni0_options[@]}"
  capture dock.lo dock lo
  capture dock.any dock any -y LINUX_SLL2 --time-stamp-precision=nano
  for container in "${CONTAINERS[@]}"; do capture_pod "$container"; done
  for container in "${pod_lo[@]}"; do capture "pod-$container.lo" "$container" lo; done
  wait_for_captures
}

save_state() { save_machine_state dock dock; }

write_topology() {
  local container
  echo "schema: pcapcheck.topology/v1"
  echo "nodes:"
  echo "  - name: dock"
  echo "    addresses: [10.20.32.206]"
  write_interfaces dock
  echo "    docker:"
  echo "      version: 26.1.4"
  echo "      userlandProxy: $userland_proxy"
  echo "      networks:"
  echo "        - { name: bridge, bridge: docker0, subnet: 172.17.0.0/16, gateway: 172.17.0.1 }"
  echo "pods:"
  for container in "${CONTAINERS[@]}"; do write_pod "$container"; done
  if declare -F extra_pods >/dev/null; then extra_pods; fi
  echo "clients:"
  echo "  - { name: client, addresses: [198.51.100.79] }"
  if declare -F extra_topology >/dev/null; then extra_topology; fi
}
