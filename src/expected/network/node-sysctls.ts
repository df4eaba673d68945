/** The sysctls of a node whose own state nobody printed, as the programs on it set them. */
import type { Node, Topology } from "#cluster/topology.js";
import { sysctlName, type Sysctls } from "#cluster/sysctl-text.js";
import { bridgesOf, nodeInterfaces } from "./node-interfaces.js";
import { kubeProxyOf } from "./node-rules.js";

export function nodeSysctls(topology: Topology, node: Node): Sysctls {
  const localnet = routedLocalnets(topology, node);
  const names = ["all", ...nodeInterfaces(topology, node).map(({ name }) => name)];
  return new Map([
    // What kubeadm asks for before it starts.
    ["net.ipv4.ip_forward", "1"],
    ["net.ipv6.conf.all.forwarding", "1"],
    ["net.bridge.bridge-nf-call-iptables", "1"],
    ["net.bridge.bridge-nf-call-ip6tables", "1"],
    ...names.map((name): [string, string] => [
      `net.ipv4.conf.${sysctlName(name)}.route_localnet`,
      localnet.has(name) ? "1" : "0",
    ]),
  ]);
}

/**
 * Where 127.0.0.1 may be routed: portmap turns it on for the interface that leads to the pod (cni
 * plugins/meta/portmap/utils.go), kube-proxy for all where NodePorts serve loopback addresses (k8s
 * pkg/proxy/iptables/proxier.go), Docker for its bridges where no userland proxy serves them (moby
 * libnetwork/drivers/bridge/setup_ip_tables_linux.go).
 */
function routedLocalnets(topology: Topology, node: Node): ReadonlySet<string> {
  const { pods, networks } = bridgesOf(topology, node);
  const hasHostPort = topology.pods.some(
    (pod) => pod.node === node.name && pod.network === undefined && pod.hostPorts.length > 0,
  );
  const kubeProxy = kubeProxyOf(topology);
  const servesLoopback = kubeProxy?.mode === "iptables" && kubeProxy.localhostNodePorts;
  return new Set([
    ...(servesLoopback ? ["all"] : []),
    ...(hasHostPort && pods !== undefined ? [pods] : []),
    ...(node.docker?.userlandProxy === false ? networks.map(({ bridge }) => bridge) : []),
  ]);
}
