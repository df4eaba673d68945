# Pods through the real CNI plugins, called as a runtime calls them: one network "cbr0" of bridge (with
# host-local) and portmap, the result of the first handed to the second.

declare -A POD_NODE POD_RESULT POD_VETH POD_HOST_PORTS POD_GONE
PODS=()

# add_pod NAME NODE PORT-MAPPINGS: PORT-MAPPINGS as the runtime passes them, a JSON list.
add_pod() {
  local pod=$1 node=$2 mappings=$3
  make_namespace "$pod"
  PODS+=("$pod")
  POD_NODE[$pod]=$node
  POD_HOST_PORTS[$pod]=$mappings
  POD_RESULT[$pod]=$(plugin ADD bridge "$pod" <<<"$(bridge_config "$node")")
  POD_RESULT[$pod]=$(plugin ADD portmap "$pod" <<<"$(portmap_config "$pod")")
  POD_VETH[$pod]=$(jq -r '.interfaces[] | select(.name | startswith("veth")).name' <<<"${POD_RESULT[$pod]}")
}

# delete_pod NAME: the plugins in reverse order, as a runtime does. The namespace goes too.
delete_pod() {
  local pod=$1
  plugin DEL portmap "$pod" <<<"$(portmap_config "$pod")"
  plugin DEL bridge "$pod" <<<"$(bridge_config "${POD_NODE[$pod]}")"
  ip netns pids "$LAB-$pod" | xargs -r kill
  ip netns del "$LAB-$pod"
  POD_GONE[$pod]=yes
}

pod_address() {
  jq -r '.ips[0].address | split("/")[0]' <<<"${POD_RESULT[$1]}"
}

# plugin COMMAND PLUGIN POD: the plugin runs in the node's namespace, its configuration is on stdin.
plugin() {
  local command=$1 plugin=$2 pod=$3
  CNI_COMMAND=$command CNI_CONTAINERID=$(container_id "$pod") CNI_NETNS=/run/netns/$LAB-$pod \
    CNI_IFNAME=eth0 on "${POD_NODE[$pod]}" "$CNI_PATH/$plugin"
}

# The same id in every run, so that portmap's chain names (a hash of it) are the same too.
container_id() {
  sha256sum <<<"pcapcheck lab $1" | cut -c1-64
}

# What flannel's CNI plugin delegates to bridge.
bridge_config() {
  local node=$1
  jq -n --arg subnet "$(pod_cidr "$node")" --arg cluster "$CLUSTER_CIDR" --arg state "$WORK/ipam-$node" '{
    cniVersion: "1.0.0", name: "cbr0", type: "bridge", bridge: "cni0", mtu: 1450,
    isGateway: true, isDefaultGateway: true, hairpinMode: true, ipMasq: false,
    ipam: { type: "host-local", dataDir: $state, ranges: [[{ subnet: $subnet }]], routes: [{ dst: $cluster }] }
  }'
}

portmap_config() {
  local pod=$1
  jq -n --argjson mappings "${POD_HOST_PORTS[$pod]}" --argjson previous "${POD_RESULT[$pod]}" '{
    cniVersion: "1.0.0", name: "cbr0", type: "portmap", snat: true,
    capabilities: { portMappings: true }, runtimeConfig: { portMappings: $mappings }, prevResult: $previous
  }'
}

pod_cidr() {
  echo "10.233.${1#node}.0/24"
}
