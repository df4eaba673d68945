# kube-proxy by hand: what its iptables mode (pkg/proxy/iptables/proxier.go of Kubernetes 1.28, syncProxyRules) writes
# on a node for the services a case declares, with its own chain names. All ports are TCP and all addresses IPv4.

SERVICES=()
declare -A SERVICE

# service NAMESPACE/NAME FIELD=VALUE...: the fields are cluster_ip, port, target_port (8080), port_name, node_port,
# external_ips, load_balancer_ips, source_ranges, external_policy, internal_policy (Cluster), affinity (seconds),
# health_check and endpoints (pods); several values with spaces between.
service() {
  local name=$1 setting
  [[ " ${SERVICES[*]} " == *" $name "* ]] || SERVICES+=("$name")
  for setting in "${@:2}"; do SERVICE[$name.${setting%%=*}]=${setting#*=}; done
}

# field SERVICE FIELD [DEFAULT]
field() { echo "${SERVICE[$1.$2]:-${3:-}}"; }

# What the cases about Services share: the pods p1a and p2a serve, everybody may ask, cni0 is not promiscuous.
service_case() {
  takes_part=(p1b node2 p2a)
  cni0_options=(-p)
  any_sll=
  connect_seconds=2
  HOST_PORTS='[]'
  start_servers() {
    serve_http p1a 8080
    serve_http p2a 8080
    run_kube_proxy node1
    run_kube_proxy node2
  }
  # Each node asks its own pod, as a kubelet probe does.
  control() {
    http node1 "$1" "$(pod_address p1a):8080" 10.233.1.1
    http node2 "$(($1 + 100))" "$(pod_address p2a):8080" 10.233.2.1
  }
  control_note() {
    echo "Control: node1 (10.233.1.1) asks p1a and node2 (10.233.2.1) asks p2a, as kubelet probes do, from source ports" \
      "40001 and 40101 before the clients and 40002 and 40102 after them: the captures ran throughout. node2.cni0.pcap too was taken with \`-p\`."
  }
}

# run_kube_proxy NODE: its rules and the one sysctl it sets, for NodePorts on 127.0.0.1.
run_kube_proxy() {
  local node=$1
  on "$node" sysctl -qw net.ipv4.conf.all.route_localnet=1
  kube_proxy_rules "$node" >"$WORK/kube-proxy-$node.rules"
  on "$node" iptables-restore --noflush "$WORK/kube-proxy-$node.rules"
}

kube_proxy_rules() {
  local node=$1 name nat filter
  nat=$(for name in "${SERVICES[@]}"; do nat_rules "$node" "$name"; done)
  filter=$(for name in "${SERVICES[@]}"; do filter_rules "$node" "$name"; done)
  echo "*nat"
  declare_chains "$nat" KUBE-SERVICES KUBE-NODEPORTS KUBE-POSTROUTING KUBE-MARK-MASQ
  nat_jumps
  grep . <<<"$nat" || true
  nat_closing_rules
  echo COMMIT
  echo "*filter"
  declare_chains "" KUBE-EXTERNAL-SERVICES KUBE-NODEPORTS KUBE-SERVICES KUBE-FORWARD KUBE-PROXY-FIREWALL KUBE-FIREWALL
  filter_jumps
  grep . <<<"$filter" || true
  filter_closing_rules
  echo COMMIT
}

# declare_chains RULES CHAIN...: the given chains, and those that RULES add to.
declare_chains() {
  { printf '%s\n' "${@:2}"; sed -n 's/^-A \(KUBE-[^ ]*\).*/\1/p' <<<"$1"; } | awk '!seen[$0]++ { print ":" $0 " - [0:0]" }'
}

# Each jump is put before those that are there, in the order of iptablesJumpChains, so they end up the other way round.
nat_jumps() {
  cat <<'RULES'
-I OUTPUT -m comment --comment "kubernetes service portals" -j KUBE-SERVICES
-I PREROUTING -m comment --comment "kubernetes service portals" -j KUBE-SERVICES
-I POSTROUTING -m comment --comment "kubernetes postrouting rules" -j KUBE-POSTROUTING
RULES
}

nat_closing_rules() {
  cat <<'RULES'
-A KUBE-SERVICES -m comment --comment "kubernetes service nodeports; NOTE: this must be the last rule in this chain" -m addrtype --dst-type LOCAL -j KUBE-NODEPORTS
-A KUBE-POSTROUTING -m mark ! --mark 0x4000/0x4000 -j RETURN
-A KUBE-POSTROUTING -j MARK --xor-mark 0x4000
-A KUBE-POSTROUTING -m comment --comment "kubernetes service traffic requiring SNAT" -j MASQUERADE --random-fully
-A KUBE-MARK-MASQ -j MARK --or-mark 0x4000
RULES
}

filter_jumps() {
  local new='-m conntrack --ctstate NEW'
  cat <<RULES
-I INPUT $new -m comment --comment "kubernetes externally-visible service portals" -j KUBE-EXTERNAL-SERVICES
-I FORWARD $new -m comment --comment "kubernetes externally-visible service portals" -j KUBE-EXTERNAL-SERVICES
-I INPUT -m comment --comment "kubernetes health check service ports" -j KUBE-NODEPORTS
-I FORWARD $new -m comment --comment "kubernetes service portals" -j KUBE-SERVICES
-I OUTPUT $new -m comment --comment "kubernetes service portals" -j KUBE-SERVICES
-I FORWARD -m comment --comment "kubernetes forwarding rules" -j KUBE-FORWARD
-I INPUT $new -m comment --comment "kubernetes load balancer firewall" -j KUBE-PROXY-FIREWALL
-I OUTPUT $new -m comment --comment "kubernetes load balancer firewall" -j KUBE-PROXY-FIREWALL
-I FORWARD $new -m comment --comment "kubernetes load balancer firewall" -j KUBE-PROXY-FIREWALL
-I OUTPUT -j KUBE-FIREWALL
-I INPUT -j KUBE-FIREWALL
RULES
}

filter_closing_rules() {
  cat <<'RULES'
-A KUBE-FORWARD -m conntrack --ctstate INVALID -j DROP
-A KUBE-FORWARD -m comment --comment "kubernetes forwarding rules" -m mark --mark 0x4000/0x4000 -j ACCEPT
-A KUBE-FORWARD -m comment --comment "kubernetes forwarding conntrack rule" -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
-A KUBE-FIREWALL -m comment --comment "block incoming localnet connections" -d 127.0.0.0/8 ! -s 127.0.0.0/8 -m conntrack ! --ctstate RELATED,ESTABLISHED,DNAT -j DROP
RULES
}

# nat_rules NODE SERVICE
nat_rules() {
  local node=$1 name=$2 address pod range
  local title port endpoints local_endpoints internal external node_port visible
  read_service "$node" "$name"
  [[ -n $endpoints ]] || return 0
  local to="-m tcp -p tcp -d" svc svl ext fw
  svc=$(chain SVC "$name") svl=$(chain SVL "$name") ext=$(chain EXT "$name") fw=$(chain FW "$name")

  local internal_chain=$svc internal_endpoints=$endpoints external_chain=$svc external_endpoints=$endpoints
  if [[ $internal == Local ]]; then internal_chain=$svl internal_endpoints=$local_endpoints; fi
  if [[ $external == Local ]]; then external_chain=$svl external_endpoints=$local_endpoints; fi
  local balancer_chain=$ext
  if [[ -n $(field "$name" source_ranges) ]]; then balancer_chain=$fw; fi

  local cluster_ip
  cluster_ip=$(field "$name" cluster_ip)
  if [[ -n $internal_endpoints ]]; then
    echo "-A KUBE-SERVICES -m comment --comment \"$title cluster IP\" $to $cluster_ip --dport $port -j $internal_chain"
  fi
  for address in $(field "$name" external_ips); do
    echo "-A KUBE-SERVICES -m comment --comment \"$title external IP\" $to $address --dport $port -j $ext"
  done
  for address in $(field "$name" load_balancer_ips); do
    echo "-A KUBE-SERVICES -m comment --comment \"$title loadbalancer IP\" $to $address --dport $port -j $balancer_chain"
  done
  if [[ -n $node_port ]]; then
    echo "-A KUBE-NODEPORTS -m comment --comment $title -m tcp -p tcp --dport $node_port -j $ext"
  fi
  if [[ $balancer_chain == "$fw" ]]; then source_range_rules "$name"; fi
  if [[ -n $internal_endpoints ]]; then
    echo "-A $internal_chain -m comment --comment \"$title cluster IP\" $to $cluster_ip --dport $port ! -s $CLUSTER_CIDR -j KUBE-MARK-MASQ"
  fi
  if [[ -n $visible ]]; then external_rules; fi
  if [[ $internal == Cluster || -n $visible ]]; then choice_rules "$svc" "$name" "$endpoints"; fi
  if [[ $internal == Local || $external == Local && -n $visible ]]; then
    choice_rules "$svl" "$name" "$local_endpoints"
  fi
  for pod in $endpoints; do
    # A Local policy on both ways reaches nothing on another node.
    if [[ $internal == Local && -z $visible && " $local_endpoints " != *" $pod "* ]]; then continue; fi
    endpoint_rules "$name" "$pod"
  done
}

# read_service NODE SERVICE: into the variables of nat_rules and filter_rules.
read_service() {
  local node=$1 name=$2 pod
  title=$(service_port_name "$name")
  port=$(field "$name" port 80)
  node_port=$(field "$name" node_port)
  internal=$(field "$name" internal_policy Cluster)
  external=$(field "$name" external_policy Cluster)
  visible=$node_port$(field "$name" external_ips)$(field "$name" load_balancer_ips)
  endpoints=$(field "$name" endpoints)
  local_endpoints=$(for pod in $endpoints; do [[ ${POD_NODE[$pod]} != "$node" ]] || echo "$pod"; done | xargs)
}

# What is dialled from outside. Pods and the node itself reach all endpoints whatever the external policy.
external_rules() {
  if [[ $external == Cluster ]]; then
    echo "-A $ext -m comment --comment \"masquerade traffic for $title external destinations\" -j KUBE-MARK-MASQ"
  else
    echo "-A $ext -m comment --comment \"pod traffic for $title external destinations\" -s $CLUSTER_CIDR -j $svc"
    echo "-A $ext -m comment --comment \"masquerade LOCAL traffic for $title external destinations\" -m addrtype --src-type LOCAL -j KUBE-MARK-MASQ"
    echo "-A $ext -m comment --comment \"route LOCAL traffic for $title external destinations\" -m addrtype --src-type LOCAL -j $svc"
  fi
  if [[ -n $external_endpoints ]]; then echo "-A $ext -j $external_chain"; fi
}

source_range_rules() {
  local name=$1 range
  for range in $(field "$name" source_ranges); do
    echo "-A $fw -m comment --comment \"$title loadbalancer IP\" -s $range -j $ext"
  done
  echo "-A $fw -m comment --comment \"other traffic to $title will be dropped by KUBE-PROXY-FIREWALL\""
}

# choice_rules CHAIN SERVICE PODS: writeServiceToEndpointRules.
choice_rules() {
  local chain=$1 name=$2 pods left pod seconds to sep
  read -ra pods <<<"$3"
  seconds=$(field "$name" affinity)
  if [[ -n $seconds ]]; then
    for pod in "${pods[@]}"; do
      sep=$(endpoint_chain "$name" "$pod")
      echo "-A $chain -m comment --comment \"$title -> $(endpoint "$name" "$pod")\" -m recent --name $sep --rcheck --seconds $seconds --reap -j $sep"
    done
  fi
  left=${#pods[@]}
  for pod in "${pods[@]}"; do
    to="-A $chain -m comment --comment \"$title -> $(endpoint "$name" "$pod")\""
    if ((left > 1)); then to+=" -m statistic --mode random --probability $(awk "BEGIN { printf \"%.10f\", 1 / $left }")"; fi
    echo "$to -j $(endpoint_chain "$name" "$pod")"
    left=$((left - 1))
  done
}

endpoint_rules() {
  local name=$1 pod=$2 sep recent=
  sep=$(endpoint_chain "$name" "$pod")
  if [[ -n $(field "$name" affinity) ]]; then recent="-m recent --name $sep --set "; fi
  echo "-A $sep -m comment --comment $title -s $(pod_address "$pod") -j KUBE-MARK-MASQ"
  echo "-A $sep -m comment --comment $title $recent-m tcp -p tcp -j DNAT --to-destination $(endpoint "$name" "$pod")"
}

# filter_rules NODE SERVICE: what is refused, and what is let in.
filter_rules() {
  local node=$1 name=$2 address
  local title port endpoints local_endpoints internal external node_port visible
  read_service "$node" "$name"
  local refuse="\"$title has no local endpoints\"" how=DROP
  if [[ -z $endpoints ]]; then refuse="\"$title has no endpoints\"" how=REJECT; fi
  if [[ -z $endpoints || $internal == Local && -z $local_endpoints ]]; then
    echo "-A KUBE-SERVICES -m comment --comment $refuse -m tcp -p tcp -d $(field "$name" cluster_ip) --dport $port -j $how"
  fi
  if [[ -z $endpoints || $external == Local && -z $local_endpoints ]]; then
    for address in $(field "$name" external_ips) $(field "$name" load_balancer_ips); do
      echo "-A KUBE-EXTERNAL-SERVICES -m comment --comment $refuse -m tcp -p tcp -d $address --dport $port -j $how"
    done
    if [[ -n $node_port ]]; then
      echo "-A KUBE-EXTERNAL-SERVICES -m comment --comment $refuse -m addrtype --dst-type LOCAL -m tcp -p tcp --dport $node_port -j $how"
    fi
  fi
  if [[ -n $(field "$name" source_ranges) ]]; then
    for address in $(field "$name" load_balancer_ips); do
      echo "-A KUBE-PROXY-FIREWALL -m comment --comment \"$title traffic not accepted by $(chain FW "$name")\" -m tcp -p tcp -d $address --dport $port -j DROP"
    done
  fi
  if [[ -n $(field "$name" health_check) ]]; then
    echo "-A KUBE-NODEPORTS -m comment --comment \"$title health check node port\" -m tcp -p tcp --dport $(field "$name" health_check) -j ACCEPT"
  fi
}

# NAMESPACE/NAME:PORT, as kube-proxy's comments and hashes have it; an unnamed port has no colon.
service_port_name() {
  local port_name
  port_name=$(field "$1" port_name)
  echo "$1${port_name:+:$port_name}"
}

# chain SVC|SVL|EXT|FW SERVICE: portProtoHash.
chain() { echo "KUBE-$1-$(chain_hash "$(service_port_name "$2")tcp")"; }

# endpoint_chain SERVICE POD: servicePortEndpointChainName.
endpoint_chain() { echo "KUBE-SEP-$(chain_hash "$(service_port_name "$1")tcp$(endpoint "$1" "$2")")"; }

# The first 16 letters of the SHA-256, in base 32.
chain_hash() {
  printf %s "$1" | sha256sum | cut -c1-64 | tr a-f A-F | basenc --base16 -d | base32 | cut -c1-16
}

endpoint() { echo "$(pod_address "$2"):$(field "$1" target_port 8080)"; }

# The services in topology.yaml.
write_services() {
  ((${#SERVICES[@]})) || return 0
  local name
  echo "services:"
  for name in "${SERVICES[@]}"; do write_service "$name"; done
  echo "kubeProxy: {}"
}

write_service() {
  local name=$1 entry policy key
  echo "  - name: $name"
  echo "    clusterIPs: [$(field "$name" cluster_ip)]"
  entry="port: $(field "$name" port 80), targetPort: $(field "$name" target_port 8080)"
  [[ -z $(field "$name" port_name) ]] || entry="name: $(field "$name" port_name), $entry"
  [[ -z $(field "$name" node_port) ]] || entry+=", nodePort: $(field "$name" node_port)"
  echo "    ports: [{ $entry }]"
  for key in external_ips:externalIPs load_balancer_ips:loadBalancerIPs source_ranges:loadBalancerSourceRanges; do
    policy=$(field "$name" "${key%:*}")
    [[ -z $policy ]] || echo "    ${key#*:}: [${policy// /, }]"
  done
  for key in external_policy:externalTrafficPolicy internal_policy:internalTrafficPolicy \
    affinity:sessionAffinitySeconds health_check:healthCheckNodePort; do
    policy=$(field "$name" "${key%:*}")
    [[ -z $policy ]] || echo "    ${key#*:}: $policy"
  done
  entry=$(for key in $(field "$name" endpoints); do printf '{ pod: %s }, ' "$key"; done)
  echo "    endpoints: [${entry%, }]"
}

# What the cases with many connections share: the points that count endpoints, and no more.
few_points() {
  start_captures() {
    local pod
    capture client.eth0 client eth0
    capture node1.eth0 node1 eth0
    capture node1.cni0 node1 cni0 -p
    capture node2.eth0 node2 eth0
    capture node2.cni0 node2 cni0 -p
    for pod in p1a p2a; do capture "pod-$pod.eth0" "$pod" eth0; done
    wait_for_captures
  }
}

# many_connections COUNT FIRST-SOURCE-PORT ADDRESS:PORT: one request each, by the client. ANSWERED counts the answers.
declare -A ANSWERED
many_connections() {
  local at answer
  for ((at = 0; at < $1; at++)); do
    answer=$(answer_to client $(($2 + at)) "$3" --http1.0 --header Host: --header Accept: --header User-Agent:)
    ANSWERED[$answer]=$((${ANSWERED[$answer]:-0} + 1))
  done
}
