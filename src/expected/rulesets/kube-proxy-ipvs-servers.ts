/** The virtual servers of kube-proxy's ipvs mode (k8s v1.28.7 pkg/proxy/ipvs/proxier.go). */
import type { KubeProxy } from "#cluster/service.js";
import { isLoopback, type Address } from "#net/address.js";
import { parsePrefix, prefixContains } from "#net/prefix.js";
import type { ProxiedEndpoint } from "./kube-proxy-endpoints.js";
import { isOfFamily, prefixesOf } from "./kube-proxy-family.js";
import type { ProxiedPort } from "./kube-proxy-ports.js";
import type { KubeProxyInput, ProxyNode } from "./kube-proxy.js";

const LINK_LOCAL = parsePrefix("fe80::/10");

/**
 * Where node ports are served. Loopback addresses never are, whatever nodePortAddresses says
 * (pkg/proxy/ipvs/netlink_linux.go isValidForSet).
 */
export function nodePortAddresses({ family, node, kubeProxy }: KubeProxyInput): readonly Address[] {
  const blocks = prefixesOf(kubeProxy.nodePortAddresses, family);
  const isServed = (address: Address): boolean =>
    blocks.length === 0 || blocks.some((block) => prefixContains(block, address));
  return [...new Set(node.addresses)].filter(
    (address) =>
      isOfFamily(address, family) &&
      !isLoopback(address) &&
      !(LINK_LOCAL && prefixContains(LINK_LOCAL, address)) &&
      isServed(address),
  );
}

/** What is put on kube-ipvs0; an external address that the node has anyway stays where it is. */
export function boundAddresses(ports: readonly ProxiedPort[], node: ProxyNode): readonly Address[] {
  const bound = ports.flatMap(({ clusterIP, externalIPs, loadBalancerIPs }) => [
    clusterIP,
    ...[...externalIPs, ...loadBalancerIPs].filter((address) => !node.addresses.includes(address)),
  ]);
  return [...new Set(bound)];
}

export interface ServersInput {
  readonly ports: readonly ProxiedPort[];
  readonly kubeProxy: KubeProxy;
  readonly nodePortsOn: readonly Address[];
}

/** As `ipvsadm -Sn` prints them. */
export function ipvsadmSaveText({ ports, kubeProxy, nodePortsOn }: ServersInput): string {
  const servers = ports.flatMap((port) => serversOf(port, nodePortsOn));
  // Where two Services want the same end, the one that is synced last has it.
  const byEnd = new Map(servers.map((server) => [server.end, server]));
  const lines = [...byEnd.values()].flatMap(({ end, port, endpoints }) => [
    `-A ${end} -s ${kubeProxy.scheduler}${persistence(port)}`,
    ...endpoints.map(({ text }) => `-a ${end} -r ${text} -m -w 1`),
  ]);
  return `${lines.join("\n")}\n`;
}

interface ServerOfPort {
  /** `-t 10.96.0.1:443`. */
  readonly end: string;
  readonly port: ProxiedPort;
  readonly endpoints: readonly ProxiedEndpoint[];
}

function serversOf(port: ProxiedPort, nodePortsOn: readonly Address[]): readonly ServerOfPort[] {
  const { clusterIP, externalIPs, loadBalancerIPs, nodePort, chains } = port;
  const internal = endpointsFor(port, port.internalChain === chains.local ? "Local" : "Cluster");
  const external = endpointsFor(port, port.isExternalLocal ? "Local" : "Cluster");
  return [
    { end: endOf(port, { address: clusterIP, port: port.port }), port, endpoints: internal },
    ...[...externalIPs, ...loadBalancerIPs].map((address) => ({
      end: endOf(port, { address, port: port.port }),
      port,
      endpoints: external,
    })),
    ...(nodePort === undefined ? [] : nodePortsOn).map((address) => ({
      end: endOf(port, { address, port: nodePort ?? 0 }),
      port,
      endpoints: external,
    })),
  ];
}

/**
 * Those of the node under a Local policy, and where it has none all the same every other, so that
 * the node's own pods are served (syncEndpoint; k8s PR 97081). Unlike in iptables mode nothing drops
 * what comes from outside: it is not masqueraded, and its answer has the pod's own address.
 */
function endpointsFor({ endpoints }: ProxiedPort, policy: "Cluster" | "Local") {
  const { local, cluster } = endpoints;
  return policy === "Local" && local.length > 0 ? local : cluster;
}

const PROTOCOL_OPTIONS = { tcp: "-t", udp: "-u", sctp: "--sctp-service" } as const;

function endOf(
  { protocol }: ProxiedPort,
  { address, port }: { readonly address: Address; readonly port: number },
): string {
  const host = address.includes(":") ? `[${address}]` : address;
  return `${PROTOCOL_OPTIONS[protocol]} ${host}:${port}`;
}

function persistence({ affinitySeconds }: ProxiedPort): string {
  return affinitySeconds === undefined ? "" : ` -p ${affinitySeconds}`;
}
