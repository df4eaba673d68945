/** The kinds that say something of the network. Of all others, Secrets too, nothing is read. */
export const KUBE_KINDS: ReadonlySet<string> = new Set([
  "Node",
  "Pod",
  "Service",
  "EndpointSlice",
  "Endpoints",
  "ConfigMap",
]);

/** Of ConfigMaps only those of the network's own programs. */
export const KUBE_CONFIG_MAPS: ReadonlySet<string> = new Set(["kube-proxy", "kube-flannel-cfg"]);
