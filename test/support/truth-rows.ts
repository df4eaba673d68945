/**
 * The truth about translation on a node as it was measured, a row for each way to reach something in
 * `truthCluster`. `cp` is the client's own port, `rp` one that the kernel draws.
 */
export interface Row {
  readonly path: string;
  /** Who dials: `podX`; `nodeA as podA` is a process that binds to an address. */
  readonly from: string;
  readonly to: string;
  /** Requests on the nodes' eth0, without what VXLAN carries. */
  readonly eth0?: string;
  /** Requests on the nodes' flannel.1. */
  readonly overlay?: string;
  /** Who the server sees, or what becomes of it. */
  readonly sees: string;
  /** Where the server has it, when every sender starts at 64. */
  readonly ttl?: number;
  /** A chain that has to be on the way. */
  readonly rule?: string;
}

const HAIRPIN = "same pod";

// prettier-ignore
export const TABLE: readonly Row[] = [
  { path: "hostPort", from: "client", to: "nodeA:9000", eth0: "client:cp > nodeA:9000", sees: "client:cp", ttl: 63, rule: "CNI-DN-" },
  { path: "hostPort, other node", from: "nodeB", to: "nodeA:9000", eth0: "nodeB:cp > nodeA:9000", sees: "nodeB:cp", ttl: 63, rule: "CNI-DN-" },
  { path: "hostPort, same node by its address", from: "nodeA", to: "nodeA:9000", sees: "nodeA:cp", ttl: 64, rule: "CNI-DN-" },
  { path: "hostPort, same node by 127.0.0.1", from: "nodeA", to: "127.0.0.1:9000", sees: "CNI0_A:cp", ttl: 64, rule: "CNI-HOSTPORT-SETMARK" },
  { path: "hostPort, other pod same node", from: "podX", to: "nodeA:9000", sees: "CNI0_A:cp", ttl: 64, rule: "CNI-HOSTPORT-SETMARK" },
  { path: `hostPort, ${HAIRPIN}`, from: "podA", to: "nodeA:9000", sees: "CNI0_A:cp", ttl: 64, rule: "CNI-HOSTPORT-SETMARK" },
  { path: "hostPort, pod other node", from: "podY", to: "nodeA:9000", eth0: "nodeB:rp > nodeA:9000", sees: "nodeB:rp", ttl: 62, rule: "FLANNEL-POSTRTG" },
  { path: "hostNetwork", from: "client", to: "nodeA:8081", eth0: "client:cp > nodeA:8081", sees: "client:cp", ttl: 64 },
  { path: "hostNetwork, other node", from: "nodeB", to: "nodeA:8081", eth0: "nodeB:cp > nodeA:8081", sees: "nodeB:cp", ttl: 64 },
  { path: "hostNetwork, pod same node", from: "podX", to: "nodeA:8081", sees: "podX:cp", ttl: 64 },
  { path: "hostNetwork, pod other node", from: "podY", to: "nodeA:8081", eth0: "nodeB:rp > nodeA:8081", sees: "nodeB:rp", ttl: 63 },
  { path: "within a pod, 127.0.0.1", from: "podA", to: "127.0.0.1:8080", sees: "127.0.0.1:cp", ttl: 64 },
  { path: "within a pod, its own address", from: "podA", to: "podA:8080", sees: "podA:cp", ttl: 64 },
  { path: "pod to pod, same node", from: "podX", to: "podA:8080", sees: "podX:cp", ttl: 64 },
  { path: "pod to pod, other node", from: "podX", to: "podB:8080", overlay: "podX:cp > podB:8080", sees: "podX:cp", ttl: 62 },
  { path: "node to local pod", from: "nodeA", to: "podA:8080", sees: "CNI0_A:cp", ttl: 64 },
  { path: "node to local pod, bound", from: "nodeA as nodeA", to: "podA:8080", sees: "nodeA:cp", ttl: 64 },
  { path: "node to remote pod", from: "nodeA", to: "podB:8080", overlay: "FL_A:cp > podB:8080", sees: "FL_A:cp", ttl: 63 },
  { path: "node to remote pod, bound", from: "nodeA as nodeA", to: "podB:8080", overlay: "FL_A:rp > podB:8080", sees: "FL_A:rp", ttl: 63, rule: "FLANNEL-POSTRTG" },
  { path: "pod egress", from: "podX", to: "client:443", eth0: "nodeA:rp > client:443", sees: "nodeA:rp", ttl: 63, rule: "FLANNEL-POSTRTG" },
  { path: "ClusterIP, local endpoint, pod", from: "podX", to: "near:80", sees: "podX:cp", ttl: 64, rule: "KUBE-SVC-" },
  { path: `ClusterIP, ${HAIRPIN}`, from: "podA", to: "near:80", sees: "CNI0_A:rp", ttl: 64, rule: "KUBE-SEP-" },
  { path: "ClusterIP, remote endpoint, pod", from: "podX", to: "far:80", overlay: "podX:cp > podB:8080", sees: "podX:cp", ttl: 62 },
  { path: "ClusterIP, local endpoint, node", from: "nodeA", to: "near:80", sees: "CNI0_A:rp", ttl: 64, rule: "KUBE-MARK-MASQ" },
  { path: "ClusterIP, remote endpoint, node", from: "nodeA", to: "far:80", overlay: "FL_A:rp > podB:8080", sees: "FL_A:rp", ttl: 63, rule: "KUBE-MARK-MASQ" },
  { path: "ClusterIP by a node as router, local endpoint", from: "client via nodeA", to: "near:80", eth0: "client:cp > near:80", sees: "CNI0_A:rp", ttl: 63, rule: "KUBE-MARK-MASQ" },
  { path: "ClusterIP by a node as router, remote endpoint", from: "client via nodeA", to: "far:80", eth0: "client:cp > far:80", overlay: "FL_A:rp > podB:8080", sees: "FL_A:rp", ttl: 62, rule: "KUBE-MARK-MASQ" },
  { path: "ClusterIP, policy Local without endpoint, pod", from: "podX", to: "inner-local:80", sees: "dropped by KUBE-SERVICES" },
  { path: "ClusterIP, policy Local without endpoint, node", from: "nodeA", to: "inner-local:80", sees: "dropped by KUBE-SERVICES" },
  { path: "ClusterIP without endpoints, pod", from: "podX", to: "none:80", sees: "rejected by KUBE-SERVICES" },
  { path: "ClusterIP without endpoints, node", from: "nodeA", to: "none:80", sees: "rejected by KUBE-SERVICES" },
  { path: "NodePort Cluster, local endpoint", from: "client", to: "nodeA:30080", eth0: "client:cp > nodeA:30080", sees: "CNI0_A:rp", ttl: 63, rule: "KUBE-EXT-" },
  { path: "NodePort Cluster, local endpoint, other node", from: "nodeB as nodeB", to: "nodeA:30080", eth0: "nodeB:cp > nodeA:30080", sees: "CNI0_A:rp", ttl: 63, rule: "KUBE-EXT-" },
  { path: "NodePort Cluster, remote endpoint", from: "client", to: "nodeA:30081", eth0: "client:cp > nodeA:30081", overlay: "FL_A:rp > podB:8080", sees: "FL_A:rp", ttl: 62, rule: "KUBE-EXT-" },
  { path: "NodePort Cluster, remote endpoint, other node", from: "nodeB", to: "nodeA:30081", eth0: "nodeB:cp > nodeA:30081", overlay: "FL_A:rp > podB:8080", sees: "FL_A:rp", ttl: 62, rule: "KUBE-EXT-" },
  { path: "NodePort Cluster, remote hostNetwork endpoint", from: "client", to: "nodeA:30087", eth0: "client:cp > nodeA:30087, nodeA:rp > nodeB:9090", sees: "nodeA:rp", ttl: 63, rule: "KUBE-EXT-" },
  { path: "NodePort Cluster, local endpoint, same node", from: "nodeA", to: "nodeA:30080", sees: "CNI0_A:rp", ttl: 64 },
  { path: "NodePort Cluster, remote endpoint, same node", from: "nodeA", to: "nodeA:30081", overlay: "FL_A:rp > podB:8080", sees: "FL_A:rp", ttl: 63 },
  { path: "NodePort Cluster, local endpoint, 127.0.0.1", from: "nodeA", to: "127.0.0.1:30080", sees: "CNI0_A:rp", ttl: 64 },
  { path: "NodePort Cluster, remote endpoint, 127.0.0.1", from: "nodeA", to: "127.0.0.1:30081", overlay: "FL_A:rp > podB:8080", sees: "FL_A:rp", ttl: 63 },
  { path: "NodePort Cluster, local endpoint, pod same node", from: "podX", to: "nodeA:30080", sees: "CNI0_A:rp", ttl: 64 },
  { path: "NodePort Cluster, remote endpoint, pod same node", from: "podX", to: "nodeA:30081", overlay: "FL_A:rp > podB:8080", sees: "FL_A:rp", ttl: 62 },
  { path: "NodePort Cluster, local endpoint, pod other node", from: "podY", to: "nodeA:30080", eth0: "nodeB:rp > nodeA:30080", sees: "CNI0_A:rp", ttl: 62, rule: "FLANNEL-POSTRTG" },
  { path: "NodePort Cluster, remote endpoint, pod other node", from: "podY", to: "nodeA:30081", eth0: "nodeB:rp > nodeA:30081", overlay: "FL_A:rp > podB:8080", sees: "FL_A:rp", ttl: 61, rule: "FLANNEL-POSTRTG" },
  { path: "NodePort Local, local endpoint", from: "client", to: "nodeA:30082", eth0: "client:cp > nodeA:30082", sees: "client:cp", ttl: 63, rule: "KUBE-SVL-" },
  { path: "NodePort Local, local endpoint, other node", from: "nodeB", to: "nodeA:30082", eth0: "nodeB:cp > nodeA:30082", sees: "nodeB:cp", ttl: 63, rule: "KUBE-SVL-" },
  { path: "load balancer Local, local endpoint", from: "client via nodeA", to: "near-local-balanced:80", eth0: "client:cp > near-local-balanced:80", sees: "client:cp", ttl: 63, rule: "KUBE-SVL-" },
  { path: "NodePort Local, local endpoint, same node", from: "nodeA", to: "nodeA:30082", sees: "CNI0_A:rp", ttl: 64, rule: "KUBE-MARK-MASQ" },
  { path: "NodePort Local, local endpoint, pod same node", from: "podX", to: "nodeA:30082", sees: "podX:cp", ttl: 64, rule: "KUBE-SVC-" },
  { path: "NodePort Local, local endpoint, pod other node", from: "podY", to: "nodeA:30082", eth0: "nodeB:rp > nodeA:30082", sees: "nodeB:rp", ttl: 62, rule: "KUBE-SVL-" },
  { path: "NodePort Local without local endpoint", from: "client", to: "nodeA:30083", eth0: "client:cp > nodeA:30083", sees: "dropped by KUBE-EXTERNAL-SERVICES" },
  { path: "NodePort Local without local endpoint, other node", from: "nodeB", to: "nodeA:30083", eth0: "nodeB:cp > nodeA:30083", sees: "dropped by KUBE-EXTERNAL-SERVICES" },
  { path: "NodePort Local without local endpoint, pod other node", from: "podY", to: "nodeA:30083", eth0: "nodeB:rp > nodeA:30083", sees: "dropped by KUBE-EXTERNAL-SERVICES" },
  { path: "NodePort Local without local endpoint, pod same node", from: "podX", to: "nodeA:30083", overlay: "podX:cp > podB:8080", sees: "podX:cp", ttl: 62, rule: "KUBE-SVC-" },
  { path: "NodePort Local without local endpoint, same node", from: "nodeA", to: "nodeA:30083", overlay: "FL_A:rp > podB:8080", sees: "FL_A:rp", ttl: 63, rule: "KUBE-SVC-" },
  { path: "NodePort without endpoints", from: "client", to: "nodeA:30084", eth0: "client:cp > nodeA:30084", sees: "rejected by KUBE-EXTERNAL-SERVICES" },
  { path: "NodePort without endpoints, pod", from: "podX", to: "nodeA:30084", sees: "rejected by KUBE-EXTERNAL-SERVICES" },
  { path: "externalIP Cluster, local endpoint", from: "client via nodeA", to: "near-external:80", eth0: "client:cp > near-external:80", sees: "CNI0_A:rp", ttl: 63, rule: "KUBE-EXT-" },
  { path: "externalIP Cluster, remote endpoint", from: "client via nodeA", to: "far-external:80", eth0: "client:cp > far-external:80", overlay: "FL_A:rp > podB:8080", sees: "FL_A:rp", ttl: 62, rule: "KUBE-EXT-" },
  { path: "load balancer Cluster, local endpoint", from: "client via nodeA", to: "near-balanced:80", eth0: "client:cp > near-balanced:80", sees: "CNI0_A:rp", ttl: 63, rule: "KUBE-EXT-" },
  { path: "load balancer Cluster, remote endpoint", from: "client via nodeA", to: "far-balanced:80", eth0: "client:cp > far-balanced:80", overlay: "FL_A:rp > podB:8080", sees: "FL_A:rp", ttl: 62, rule: "KUBE-EXT-" },
  { path: "externalIP, pod", from: "podX", to: "near-external:80", sees: "CNI0_A:rp", ttl: 64, rule: "KUBE-EXT-" },
  { path: "externalIP, node", from: "nodeA", to: "near-external:80", sees: "CNI0_A:rp", ttl: 64, rule: "KUBE-EXT-" },
  { path: "load balancer, pod, remote endpoint", from: "podX", to: "far-balanced:80", overlay: "FL_A:rp > podB:8080", sees: "FL_A:rp", ttl: 62, rule: "KUBE-EXT-" },
  { path: "load balancer, node, remote endpoint", from: "nodeA", to: "far-balanced:80", overlay: "FL_A:rp > podB:8080", sees: "FL_A:rp", ttl: 63, rule: "KUBE-EXT-" },
  { path: "load balancer with source ranges, not allowed", from: "client via nodeA", to: "ranges-balanced:80", eth0: "client:cp > ranges-balanced:80", sees: "dropped by KUBE-PROXY-FIREWALL" },
  { path: "load balancer with source ranges, not allowed, pod", from: "podX", to: "ranges-balanced:80", sees: "dropped by KUBE-PROXY-FIREWALL" },
  { path: "load balancer with source ranges, allowed", from: "allowed via nodeA", to: "ranges-balanced:80", eth0: "allowed:cp > ranges-balanced:80", sees: "CNI0_A:rp", ttl: 63, rule: "KUBE-FW-" },
  { path: "NodePort of a Service with source ranges", from: "client", to: "nodeA:30085", eth0: "client:cp > nodeA:30085", sees: "CNI0_A:rp", ttl: 63 },
  { path: "balancer as a proxy, Cluster", from: "balancer", to: "nodeA:30080", eth0: "balancer:cp > nodeA:30080", sees: "CNI0_A:rp", ttl: 63 },
  { path: "balancer as a proxy, Local", from: "balancer", to: "nodeA:30082", eth0: "balancer:cp > nodeA:30082", sees: "balancer:cp", ttl: 63 },
  { path: "ingress, first connection", from: "client", to: "nodeA:80", eth0: "client:cp > nodeA:80", sees: "client:cp", ttl: 64 },
  { path: "health check", from: "client", to: "nodeA:32000", eth0: "client:cp > nodeA:32000", sees: "client:cp", ttl: 64 },
  { path: "NodePort, local hostNetwork endpoint", from: "client", to: "nodeA:30086", eth0: "client:cp > nodeA:30086", sees: "client:cp", ttl: 64, rule: "KUBE-SEP-" },
  { path: "ClusterIP, local hostNetwork endpoint, pod", from: "podX", to: "host:80", sees: "podX:cp", ttl: 64, rule: "KUBE-SEP-" },
  { path: "NodePort, local hostNetwork endpoint, same node", from: "nodeA", to: "nodeA:30086", sees: "nodeA:rp", ttl: 64, rule: "KUBE-SEP-" },
  { path: "undefined port of a ClusterIP, pod", from: "podX", to: "near:81", eth0: "nodeA:rp > near:81", sees: "nodeA:rp", ttl: 63, rule: "FLANNEL-POSTRTG" },
];

export interface Variation extends Row {
  readonly topology?: (text: string) => string;
  /** Of both nodes. */
  readonly sysctl?: readonly [string, string];
}

const portmap = (version: string) => (text: string) =>
  text.replace('portmap: "1.1.1"', `portmap: "${version}"`);
const kubeProxy = (setting: string) => (text: string) =>
  text.replace("kubeProxy: {", `kubeProxy: { ${setting},`);
const podNetwork = (setting: string) => (text: string) =>
  text.replace(/podNetwork: .*/, `podNetwork: { ${setting} }`);
export const NO_BRIDGE_NF = ["net.bridge.bridge-nf-call-iptables", "0"] as const;

/** What the table says of other versions and settings. */
// prettier-ignore
export const VARIATIONS: readonly Variation[] = [
  { path: "hostPort with a hostIP, 127.0.0.1: nobody's", topology: (text) => text.replace("hostPort: 9000,", "hostPort: 9000, hostIP: 192.0.2.10,"), from: "nodeA", to: "127.0.0.1:9000", sees: "127.0.0.1:cp", ttl: 64 },
  { path: "hostPort, other pod same node, portmap 0.8.5", topology: portmap("0.8.5"), from: "podX", to: "nodeA:9000", sees: "podX:cp", ttl: 64 },
  { path: "hostPort, other pod same node, portmap 0.8.6", topology: portmap("0.8.6"), from: "podX", to: "nodeA:9000", sees: "CNI0_A:cp", ttl: 64 },
  { path: "hostPort, same pod, portmap 0.8.5", topology: portmap("0.8.5"), from: "podA", to: "nodeA:9000", sees: "CNI0_A:cp", ttl: 64 },
  { path: "hostPort, same pod, portmap 0.6.0: fails", topology: portmap("0.6.0"), from: "podA", to: "nodeA:9000", sees: "dropped by martian source: 10.244.1.2 is an address of this node and came in by eth0" },
  { path: "hostPort, other pod same node, bridge-nf off", sysctl: NO_BRIDGE_NF, from: "podX", to: "nodeA:9000", sees: "CNI0_A:cp", ttl: 63 },
  { path: "hostPort, pod other node, nothing masquerades the node's network", topology: podNetwork("masquerade: none"), from: "podY", to: "nodeA:9000", eth0: "podY:cp > nodeA:9000", sees: "podY:cp", ttl: 62 },
  { path: "node to remote pod, host-gw", topology: podNetwork("backend: host-gw"), from: "nodeA", to: "podB:8080", eth0: "nodeA:rp > podB:8080", sees: "nodeA:rp", ttl: 63, rule: "FLANNEL-POSTRTG" },
  { path: "pod egress, CNI bridge ipMasq", topology: podNetwork("masquerade: cni-bridge"), from: "podX", to: "client:443", eth0: "nodeA:cp > client:443", sees: "nodeA:cp", ttl: 63 },
  { path: "ClusterIP, local endpoint, pod, masqueradeAll", topology: kubeProxy("masqueradeAll: true"), from: "podX", to: "near:80", sees: "CNI0_A:rp", ttl: 64 },
  { path: "ClusterIP, local endpoint, pod outside the cluster CIDR", topology: (text) => text.replace("clusterCIDR: 10.244.0.0/16", "clusterCIDR: 10.245.0.0/16"), from: "podX", to: "near:80", sees: "CNI0_A:rp", ttl: 64 },
  { path: "ClusterIP, local endpoint, node, no detector", topology: kubeProxy("localDetector: none"), from: "nodeA", to: "near:80", sees: "nodeA:cp", ttl: 64 },
  { path: "NodePort Cluster, remote endpoint, host-gw", topology: podNetwork("backend: host-gw"), from: "client", to: "nodeA:30081", eth0: "client:cp > nodeA:30081, nodeA:rp > podB:8080", sees: "nodeA:rp", ttl: 62 },
  { path: "NodePort Cluster, 127.0.0.1, ipvs: not served", topology: kubeProxy("mode: ipvs"), from: "nodeA", to: "127.0.0.1:30080", sees: "127.0.0.1:cp", ttl: 64 },
  { path: "NodePort Local without local endpoint, ipvs: forwarded all the same", topology: kubeProxy("mode: ipvs"), from: "client", to: "nodeA:30083", eth0: "client:cp > nodeA:30083", overlay: "FL_A:rp > podB:8080", sees: "FL_A:rp", ttl: 62, rule: "FLANNEL-POSTRTG" },
  { path: "ClusterIP, remote endpoint, pod, ipvs", topology: kubeProxy("mode: ipvs"), from: "podX", to: "far:80", overlay: "podX:cp > podB:8080", sees: "podX:cp", ttl: 62 },
];
