/** nat rules of a Service's port (k8s v1.28.7 pkg/proxy/iptables/proxier.go syncProxyRules). */
import type { Address } from "#net/address.js";
import { prefixContains, type Prefix } from "#net/prefix.js";
import type { InstalledRule } from "./installed-rules.js";
import type { ProxiedPort } from "./kube-proxy-ports.js";
import { comment, from, notFrom, ruleText, to } from "./rule-text.js";

/** What the node's kube-proxy does alike for every port. */
export interface NatSettings {
  readonly masqueradeAll: boolean;
  /** Where the cluster's own clients are; undefined when kube-proxy cannot tell them. */
  readonly localSources: Prefix | undefined;
  readonly nodeIP: Address | undefined;
}

/** kube-proxy writes its own chains anew, from first to last. */
export function natRule(chain: string, text: string): InstalledRule {
  return { table: "nat", chain, text, at: "last" };
}

/** From KUBE-SERVICES and KUBE-NODEPORTS into the port's own chains. */
export function entryRules(port: ProxiedPort): readonly InstalledRule[] {
  const { name, protocol, chains, nodePort } = port;
  const entry = (address: Address, what: string, chain: string): InstalledRule =>
    natRule("KUBE-SERVICES", ruleText(toPort(port, { address, what }), `-j ${chain}`));
  const internal = port.hasInternal
    ? [entry(port.clusterIP, `${name} cluster IP`, port.internalChain)]
    : [];
  if (!port.endpoints.exist) return internal;
  const balanced = hasFirewall(port) ? chains.firewall : chains.external;
  const byNode = `-p ${protocol} ${comment(name)} -m ${protocol} --dport ${nodePort}`;
  return [
    ...internal,
    ...port.externalIPs.map((ip) => entry(ip, `${name} external IP`, chains.external)),
    ...port.loadBalancerIPs.map((ip) => entry(ip, `${name} loadbalancer IP`, balanced)),
    // Node ports are open to everybody: the load balancer's source ranges do not count for them.
    ...(nodePort === undefined
      ? []
      : [natRule("KUBE-NODEPORTS", `${byNode} -j ${chains.external}`)]),
  ];
}

/** `-d ADDRESS -p PROTOCOL …--dport PORT`, for one of a port's addresses. */
export function toPort(
  { protocol, port }: ProxiedPort,
  { address, what }: { readonly address: Address; readonly what: string },
): string {
  return `${to(address)} -p ${protocol} ${comment(what)} -m ${protocol} --dport ${port}`;
}

export function hasFirewall({ endpoints, loadBalancerIPs, sourceRanges }: ProxiedPort): boolean {
  return endpoints.exist && loadBalancerIPs.length > 0 && sourceRanges.length > 0;
}

/** Who is masqueraded on the way to the cluster IP: clients whose answer would bypass the node. */
export function internalRules(port: ProxiedPort, settings: NatSettings): readonly InstalledRule[] {
  const { masqueradeAll, localSources } = settings;
  if (!port.hasInternal || (!masqueradeAll && localSources === undefined)) return [];
  const foreign = masqueradeAll || !localSources ? undefined : notFrom(localSources);
  const asked = toPort(port, { address: port.clusterIP, what: `${port.name} cluster IP` });
  return [natRule(port.internalChain, ruleText(foreign, asked, "-j KUBE-MARK-MASQ"))];
}

/** KUBE-EXT-…: what came for an external IP, a load balancer's or a node port. */
export function externalRules(port: ProxiedPort, settings: NatSettings): readonly InstalledRule[] {
  const { chains, name, isExternalLocal, externalPolicyChain } = port;
  const rules = isExternalLocal
    ? shortCircuit(port, settings)
    : [`${comment(`masquerade traffic for ${name} external destinations`)} -j KUBE-MARK-MASQ`];
  const rest = port.hasExternal ? [`-j ${externalPolicyChain}`] : [];
  return [...rules, ...rest].map((text) => natRule(chains.external, text));
}

/** Pods and the node itself reach all endpoints, as if they had gone out to a load balancer. */
function shortCircuit(
  { name, chains }: ProxiedPort,
  { localSources }: NatSettings,
): readonly string[] {
  const says = (what: string): string => comment(`${what} for ${name} external destinations`);
  const isNode = "-m addrtype --src-type LOCAL";
  return [
    ...(localSources === undefined
      ? []
      : [`${from(localSources)} ${says("pod traffic")} -j ${chains.cluster}`]),
    `${says("masquerade LOCAL traffic")} ${isNode} -j KUBE-MARK-MASQ`,
    `${says("route LOCAL traffic")} ${isNode} -j ${chains.cluster}`,
  ];
}

/** KUBE-FW-…: who comes to its end is not translated, and KUBE-PROXY-FIREWALL drops that. */
export function firewallRules(
  { chains, name, sourceRanges, loadBalancerIPs }: ProxiedPort,
  { nodeIP }: NatSettings,
): readonly InstalledRule[] {
  const isNodeAllowed = sourceRanges.some(
    (range) => nodeIP !== undefined && prefixContains(range, nodeIP),
  );
  const says = comment(`${name} loadbalancer IP`);
  // A node that has the load balancer's address itself dials it from that address.
  const allowed = [...sourceRanges, ...(isNodeAllowed ? loadBalancerIPs : [])];
  return [
    ...allowed.map((source) => `${from(source)} ${says} -j ${chains.external}`),
    comment(`other traffic to ${name} will be dropped by KUBE-PROXY-FIREWALL`),
  ].map((text) => natRule(chains.firewall, text));
}
