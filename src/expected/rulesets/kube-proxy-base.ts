/**
 * What kube-proxy installs whether there are Services or not (k8s v1.28.7
 * pkg/proxy/iptables/proxier.go iptablesJumpChains, iptablesKubeletJumpChains, syncProxyRules).
 */
import type { KubeProxy } from "#cluster/service.js";
import type { TableName } from "#expected/netfilter/hook.js";
import { isLoopback, type Address } from "#net/address.js";
import { prefixContains } from "#net/prefix.js";
import type { InstalledRule, InstalledRules } from "./installed-rules.js";
import { isOfFamily, prefixesOf, type Family } from "./kube-proxy-family.js";
import { filterRule } from "./kube-proxy-filter.js";
import { natRule } from "./kube-proxy-nat.js";
import { comment, notFrom, ruleText, to } from "./rule-text.js";

/** KUBE-PROXY-CANARY is empty: when it is gone, somebody has flushed the tables. */
export const BASE_CHAINS: InstalledRules["chains"] = [
  ...chainsOf("mangle", ["KUBE-PROXY-CANARY"]),
  ...chainsOf("nat", [
    "KUBE-MARK-MASQ",
    "KUBE-NODEPORTS",
    "KUBE-POSTROUTING",
    "KUBE-PROXY-CANARY",
    "KUBE-SERVICES",
  ]),
  ...chainsOf("filter", [
    "KUBE-EXTERNAL-SERVICES",
    "KUBE-FIREWALL",
    "KUBE-FORWARD",
    "KUBE-NODEPORTS",
    "KUBE-PROXY-CANARY",
    "KUBE-PROXY-FIREWALL",
    "KUBE-SERVICES",
  ]),
];

export function chainsOf(table: TableName, names: readonly string[]): InstalledRules["chains"] {
  return names.map((name) => ({ table, name }));
}

const NEW = "-m conntrack --ctstate NEW";
const EXTERNAL = `${NEW} ${comment("kubernetes externally-visible service portals")}`;
const SERVICES = comment("kubernetes service portals");
const FIREWALL = `${NEW} ${comment("kubernetes load balancer firewall")}`;

/** In the order in which they are put at the head of their chains, so the last stands first. */
export const JUMPS: readonly InstalledRule[] = [
  jump("filter", "INPUT", `${EXTERNAL} -j KUBE-EXTERNAL-SERVICES`),
  jump("filter", "FORWARD", `${EXTERNAL} -j KUBE-EXTERNAL-SERVICES`),
  jump("filter", "INPUT", `${comment("kubernetes health check service ports")} -j KUBE-NODEPORTS`),
  jump("filter", "FORWARD", `${NEW} ${SERVICES} -j KUBE-SERVICES`),
  jump("filter", "OUTPUT", `${NEW} ${SERVICES} -j KUBE-SERVICES`),
  jump("filter", "FORWARD", `${comment("kubernetes forwarding rules")} -j KUBE-FORWARD`),
  jump("filter", "INPUT", `${FIREWALL} -j KUBE-PROXY-FIREWALL`),
  jump("filter", "OUTPUT", `${FIREWALL} -j KUBE-PROXY-FIREWALL`),
  jump("filter", "FORWARD", `${FIREWALL} -j KUBE-PROXY-FIREWALL`),
  jump("nat", "OUTPUT", `${SERVICES} -j KUBE-SERVICES`),
  jump("nat", "PREROUTING", `${SERVICES} -j KUBE-SERVICES`),
  jump("nat", "POSTROUTING", `${comment("kubernetes postrouting rules")} -j KUBE-POSTROUTING`),
  // The kubelet makes the same two.
  jump("filter", "INPUT", "-j KUBE-FIREWALL"),
  jump("filter", "OUTPUT", "-j KUBE-FIREWALL"),
];

function jump(table: TableName, chain: string, text: string): InstalledRule {
  return { table, chain, text, at: "first" };
}

/** `--set-xmark` is how iptables-save prints `--or-mark 0x4000` and `--xor-mark 0x4000`. */
export function masqueradeRules({ randomFully }: KubeProxy): readonly InstalledRule[] {
  const says = comment("kubernetes service traffic requiring SNAT");
  return [
    natRule("KUBE-MARK-MASQ", "-j MARK --set-xmark 0x4000/0x4000"),
    natRule("KUBE-POSTROUTING", "-m mark ! --mark 0x4000/0x4000 -j RETURN"),
    natRule("KUBE-POSTROUTING", "-j MARK --set-xmark 0x4000/0x0"),
    natRule(
      "KUBE-POSTROUTING",
      ruleText(says, "-j MASQUERADE", randomFully ? "--random-fully" : undefined),
    ),
  ];
}

/**
 * From 1.29 on the first rule is left out on nodes whose nf_conntrack_tcp_be_liberal is not 0, which
 * no topology says.
 */
export const FORWARD_RULES: readonly InstalledRule[] = [
  filterRule("KUBE-FORWARD", "-m conntrack --ctstate INVALID -j DROP"),
  filterRule(
    "KUBE-FORWARD",
    `${comment("kubernetes forwarding rules")} -m mark --mark 0x4000/0x4000 -j ACCEPT`,
  ),
  filterRule(
    "KUBE-FORWARD",
    `${comment("kubernetes forwarding conntrack rule")} ` +
      "-m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT",
  ),
];

const LOOPBACK = { address: "127.0.0.0", length: 8 };

/** route_localnet lets 127.0.0.1 in from outside, which this shuts out again. */
export const LOCALNET_RULE: InstalledRule = filterRule(
  "KUBE-FIREWALL",
  `${notFrom(LOOPBACK)} ${to(LOOPBACK)} ${comment("block incoming localnet connections")} ` +
    "-m conntrack ! --ctstate RELATED,ESTABLISHED,DNAT -j DROP",
);

export interface NodePortsInput {
  readonly family: Family;
  /** All of the node's. */
  readonly addresses: readonly Address[];
  readonly kubeProxy: KubeProxy;
}

/** Whether a node port answers on 127.0.0.1; on ::1 it never does. */
export function hasLocalhostNodePorts({
  family,
  kubeProxy,
}: Pick<NodePortsInput, "family" | "kubeProxy">): boolean {
  return family === "ipv4" && kubeProxy.localhostNodePorts;
}

/** The end of KUBE-SERVICES: which addresses have node ports. */
export function nodePortEntries(input: NodePortsInput): readonly InstalledRule[] {
  const { family, kubeProxy } = input;
  const says = comment(
    "kubernetes service nodeports; NOTE: this must be the last rule in this chain",
  );
  const blocks = prefixesOf(kubeProxy.nodePortAddresses, family);
  const isAll = blocks.length === 0 || blocks.some(({ length }) => length === 0);
  const loopback = family === "ipv6" ? "::1/128" : "127.0.0.0/8";
  const except = hasLocalhostNodePorts(input) ? undefined : `! -d ${loopback}`;
  const texts = isAll
    ? [ruleText(except, says, "-m addrtype --dst-type LOCAL")]
    : addressesWithNodePorts(input).map((address) => `${to(address)} ${says}`);
  return texts.map((text) => natRule("KUBE-SERVICES", `${text} -j KUBE-NODEPORTS`));
}

/** Of every interface, lo too (pkg/proxy/util/nodeport_addresses.go GetNodeIPs). */
function addressesWithNodePorts(input: NodePortsInput): readonly Address[] {
  const { family, addresses, kubeProxy } = input;
  const own = family === "ipv6" ? "::1" : "127.0.0.1";
  const all = [...new Set([own, ...addresses])].filter((address) => isOfFamily(address, family));
  return all.filter(
    (address) =>
      kubeProxy.nodePortAddresses.some((block) => prefixContains(block, address)) &&
      (!isLoopback(address) || hasLocalhostNodePorts(input)),
  );
}
