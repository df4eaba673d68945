/** filter rules of a Service's port (k8s v1.28.7 pkg/proxy/iptables/proxier.go syncProxyRules). */
import type { Address } from "#net/address.js";
import type { InstalledRule } from "./installed-rules.js";
import type { Family } from "./kube-proxy-family.js";
import { hasFirewall, toPort } from "./kube-proxy-nat.js";
import type { ProxiedPort } from "./kube-proxy-ports.js";
import { comment } from "./rule-text.js";

export function filterRule(chain: string, text: string): InstalledRule {
  return { table: "filter", chain, text, at: "last" };
}

/** What nobody answers, whom the source ranges keep out, and the health check. */
export function filterRules(port: ProxiedPort, family: Family): readonly InstalledRule[] {
  return [...unanswered(port, family), ...keptOut(port), ...healthCheck(port)];
}

/** Without any endpoint it is refused; without one of the node's, under a Local policy, dropped. */
function unanswered(port: ProxiedPort, family: Family): readonly InstalledRule[] {
  const { name, protocol, endpoints, nodePort } = port;
  const says = `${name} has no ${endpoints.exist ? "local " : ""}endpoints`;
  const target = endpoints.exist ? "-j DROP" : `-j REJECT --reject-with ${REFUSALS[family]}`;
  const at = (address: Address): string => `${toPort(port, { address, what: says })} ${target}`;
  const internal = port.hasInternal ? [] : [filterRule("KUBE-SERVICES", at(port.clusterIP))];
  if (port.hasExternal) return internal;
  const byNode = `${comment(says)} -m addrtype --dst-type LOCAL -m ${protocol} --dport ${nodePort}`;
  return [
    ...internal,
    ...[...port.externalIPs, ...port.loadBalancerIPs].map((address) =>
      filterRule("KUBE-EXTERNAL-SERVICES", at(address)),
    ),
    ...(nodePort === undefined
      ? []
      : [filterRule("KUBE-EXTERNAL-SERVICES", `-p ${protocol} ${byNode} ${target}`)]),
  ];
}

/** What REJECT answers when it is not told (iptables extensions/libipt_REJECT.c, libip6t_REJECT.c). */
const REFUSALS = { ipv4: "icmp-port-unreachable", ipv6: "icmp6-port-unreachable" } as const;

function keptOut(port: ProxiedPort): readonly InstalledRule[] {
  if (!hasFirewall(port)) return [];
  const what = `${port.name} traffic not accepted by ${port.chains.firewall}`;
  return port.loadBalancerIPs.map((address) =>
    filterRule("KUBE-PROXY-FIREWALL", `${toPort(port, { address, what })} -j DROP`),
  );
}

/** kube-proxy itself answers there, whether the node has endpoints or not. */
function healthCheck({ name, healthCheckNodePort }: ProxiedPort): readonly InstalledRule[] {
  if (healthCheckNodePort === undefined) return [];
  const says = comment(`${name} health check node port`);
  const asked = `-p tcp ${says} -m tcp --dport ${healthCheckNodePort}`;
  return [filterRule("KUBE-NODEPORTS", `${asked} -j ACCEPT`)];
}
