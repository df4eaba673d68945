/**
 * The iptables rules of kube-proxy's ipvs mode, which mark what is to be masqueraded (k8s v1.28.7
 * pkg/proxy/ipvs/proxier.go iptablesJumpChain, writeIptablesRules). KUBE-IPVS-FILTER came with 1.26,
 * and until the fix of PR 121919 it refused external IPs under a Local policy.
 */
import type { KubeProxy } from "#cluster/service.js";
import type { Prefix } from "#net/prefix.js";
import type { InstalledRule, InstalledRules } from "./installed-rules.js";
import { chainsOf, masqueradeRules } from "./kube-proxy-base.js";
import type { Family } from "./kube-proxy-family.js";
import { filterRule } from "./kube-proxy-filter.js";
import { ipSetName, IP_SETS, type IpSetEntries, type IpSetName } from "./kube-proxy-ipvs-sets.js";
import { natRule } from "./kube-proxy-nat.js";
import { comment, from, notFrom, ruleText } from "./rule-text.js";

export interface IpvsRulesInput {
  readonly family: Family;
  readonly kubeProxy: KubeProxy;
  readonly entries: IpSetEntries;
  /** Undefined: it cannot tell the cluster's own clients. */
  readonly localSources: Prefix | undefined;
}

export function ipvsRules(input: IpvsRulesInput): InstalledRules {
  const { family, kubeProxy } = input;
  const loopback = LOOPBACK[family];
  return {
    chains: CHAINS,
    rules: [
      ...JUMPS,
      natRule("KUBE-SERVICES", `${from(loopback)} -j RETURN`),
      ...setRules(input),
      ...clusterIpRules(input),
      ...externalIpRules(input),
      natRule("KUBE-SERVICES", "-m addrtype --dst-type LOCAL -j KUBE-NODE-PORT"),
      natRule("KUBE-LOAD-BALANCER", "-j KUBE-MARK-MASQ"),
      filterRule("KUBE-SOURCE-RANGES-FIREWALL", "-j DROP"),
      ...acceptRules(input),
      ...forwardAndFilterRules(input),
      ...masqueradeRules(kubeProxy),
    ],
  };
}

const LOOPBACK: Record<Family, Prefix> = {
  ipv4: { address: "127.0.0.0", length: 8 },
  ipv6: { address: "::1", length: 128 },
};

const CHAINS: InstalledRules["chains"] = [
  ...chainsOf("nat", [
    "KUBE-SERVICES",
    "KUBE-POSTROUTING",
    "KUBE-NODE-PORT",
    "KUBE-LOAD-BALANCER",
    "KUBE-MARK-MASQ",
  ]),
  ...chainsOf("filter", [
    "KUBE-FORWARD",
    "KUBE-NODE-PORT",
    "KUBE-PROXY-FIREWALL",
    "KUBE-SOURCE-RANGES-FIREWALL",
    "KUBE-IPVS-FILTER",
  ]),
];

/** In the order in which they are put at the head of their chains, so the last stands first. */
const JUMPS: readonly InstalledRule[] = (
  [
    ["nat", "OUTPUT", "KUBE-SERVICES", "kubernetes service portals"],
    ["nat", "PREROUTING", "KUBE-SERVICES", "kubernetes service portals"],
    ["nat", "POSTROUTING", "KUBE-POSTROUTING", "kubernetes postrouting rules"],
    ["filter", "FORWARD", "KUBE-FORWARD", "kubernetes forwarding rules"],
    ["filter", "INPUT", "KUBE-NODE-PORT", "kubernetes health check rules"],
    ["filter", "INPUT", "KUBE-PROXY-FIREWALL", "kube-proxy firewall rules"],
    ["filter", "FORWARD", "KUBE-PROXY-FIREWALL", "kube-proxy firewall rules"],
    ["filter", "INPUT", "KUBE-IPVS-FILTER", "kubernetes ipvs access filter"],
  ] as const
).map(([table, chain, target, says]) => {
  return { table, chain, text: `${comment(says)} -j ${target}`, at: "first" };
});

type SetSides = "dst" | "dst,dst" | "src,dst" | "dst,dst,src";

interface SetRule {
  readonly set: IpSetName;
  readonly table: "nat" | "filter";
  readonly chain: string;
  readonly target: string;
  readonly sides: SetSides;
  readonly protocol?: "tcp" | "udp" | "sctp";
}

/** ipsetWithIptablesChain: the sets of a Local policy stand before those they are taken out of. */
// oxfmt-ignore
const SET_RULES: readonly SetRule[] = [
  { set: "KUBE-LOOP-BACK", table: "nat", chain: "KUBE-POSTROUTING", target: "MASQUERADE", sides: "dst,dst,src" },
  { set: "KUBE-LOAD-BALANCER", table: "nat", chain: "KUBE-SERVICES", target: "KUBE-LOAD-BALANCER", sides: "dst,dst" },
  { set: "KUBE-LOAD-BALANCER-LOCAL", table: "nat", chain: "KUBE-LOAD-BALANCER", target: "RETURN", sides: "dst,dst" },
  { set: "KUBE-NODE-PORT-LOCAL-TCP", table: "nat", chain: "KUBE-NODE-PORT", target: "RETURN", sides: "dst", protocol: "tcp" },
  { set: "KUBE-NODE-PORT-TCP", table: "nat", chain: "KUBE-NODE-PORT", target: "KUBE-MARK-MASQ", sides: "dst", protocol: "tcp" },
  { set: "KUBE-NODE-PORT-LOCAL-UDP", table: "nat", chain: "KUBE-NODE-PORT", target: "RETURN", sides: "dst", protocol: "udp" },
  { set: "KUBE-NODE-PORT-UDP", table: "nat", chain: "KUBE-NODE-PORT", target: "KUBE-MARK-MASQ", sides: "dst", protocol: "udp" },
  { set: "KUBE-NODE-PORT-LOCAL-SCTP-HASH", table: "nat", chain: "KUBE-NODE-PORT", target: "RETURN", sides: "dst,dst", protocol: "sctp" },
  { set: "KUBE-NODE-PORT-SCTP-HASH", table: "nat", chain: "KUBE-NODE-PORT", target: "KUBE-MARK-MASQ", sides: "dst,dst", protocol: "sctp" },
  { set: "KUBE-LOAD-BALANCER-FW", table: "filter", chain: "KUBE-PROXY-FIREWALL", target: "KUBE-SOURCE-RANGES-FIREWALL", sides: "dst,dst" },
  { set: "KUBE-LOAD-BALANCER-SOURCE-CIDR", table: "filter", chain: "KUBE-SOURCE-RANGES-FIREWALL", target: "RETURN", sides: "dst,dst,src" },
  { set: "KUBE-LOAD-BALANCER-SOURCE-IP", table: "filter", chain: "KUBE-SOURCE-RANGES-FIREWALL", target: "RETURN", sides: "dst,dst,src" },
];

/** An empty set has no rule. */
function setRules(input: IpvsRulesInput): readonly InstalledRule[] {
  return SET_RULES.filter(({ set }) => hasEntries(input, set)).map(
    ({ set, table, chain, target, sides, protocol }) => {
      const asked = ruleText(protocol && `-p ${protocol}`, says(set), inSet(input, { set, sides }));
      const text = `${asked} -j ${target}`;
      return table === "nat" ? natRule(chain, text) : filterRule(chain, text);
    },
  );
}

function hasEntries({ entries }: IpvsRulesInput, set: IpSetName): boolean {
  return (entries.get(set)?.length ?? 0) > 0;
}

function says(set: IpSetName): string {
  return comment(IP_SETS[set].comment);
}

function inSet(
  { family }: IpvsRulesInput,
  { set, sides }: { readonly set: IpSetName; readonly sides: SetSides },
): string {
  return `-m set --match-set ${ipSetName(set, family)} ${sides}`;
}

/**
 * Without a detector only what the node itself sends from a virtual address is masqueraded:
 * kube-ipvs0 has them all, so the node dials a Service from its own address.
 */
function clusterIpRules(input: IpvsRulesInput): readonly InstalledRule[] {
  const set = "KUBE-CLUSTER-IP";
  if (!hasEntries(input, set)) return [];
  const { kubeProxy, localSources } = input;
  const isAll = kubeProxy.masqueradeAll;
  const outsiders = !isAll && localSources ? notFrom(localSources) : undefined;
  const sides = isAll || localSources ? "dst,dst" : "src,dst";
  const asked = ruleText(outsiders, says(set), inSet(input, { set, sides }));
  return [natRule("KUBE-SERVICES", `${asked} -j KUBE-MARK-MASQ`)];
}

function externalIpRules(input: IpvsRulesInput): readonly InstalledRule[] {
  const sets = ["KUBE-EXTERNAL-IP", "KUBE-EXTERNAL-IP-LOCAL"] as const;
  return sets
    .filter((set) => hasEntries(input, set))
    .flatMap((set) => {
      const asked = `${says(set)} ${inSet(input, { set, sides: "dst,dst" })}`;
      const rule = (rest: string): InstalledRule => natRule("KUBE-SERVICES", `${asked} ${rest}`);
      return [
        ...(set === "KUBE-EXTERNAL-IP" ? [rule("-j KUBE-MARK-MASQ")] : []),
        rule("-m physdev ! --physdev-is-in -m addrtype ! --src-type LOCAL -j ACCEPT"),
        rule("-m addrtype --dst-type LOCAL -j ACCEPT"),
      ];
    });
}

/** acceptIPVSTraffic, so that no later rule of nat sends it elsewhere. */
function acceptRules(input: IpvsRulesInput): readonly InstalledRule[] {
  const sets = ["KUBE-CLUSTER-IP", "KUBE-LOAD-BALANCER"] as const;
  return sets
    .filter((set) => hasEntries(input, set))
    .map((set) => natRule("KUBE-SERVICES", `${inSet(input, { set, sides: "dst,dst" })} -j ACCEPT`));
}

/** The sets that KUBE-IPVS-FILTER lets through; the other ports of a virtual address it refuses. */
const SERVED = [
  "KUBE-LOAD-BALANCER",
  "KUBE-CLUSTER-IP",
  "KUBE-EXTERNAL-IP",
  "KUBE-EXTERNAL-IP-LOCAL",
] as const;

const REFUSALS = { ipv4: "icmp-port-unreachable", ipv6: "icmp6-port-unreachable" } as const;

function forwardAndFilterRules(input: IpvsRulesInput): readonly InstalledRule[] {
  const { family } = input;
  const healthCheck = inSet(input, { set: "KUBE-HEALTH-CHECK-NODE-PORT", sides: "dst" });
  const virtual = inSet(input, { set: "KUBE-IPVS-IPS", sides: "dst" });
  const forward = comment("kubernetes forwarding rules");
  const answers = comment("kubernetes forwarding conntrack rule");
  return [
    filterRule("KUBE-FORWARD", `${forward} -m mark --mark 0x4000/0x4000 -j ACCEPT`),
    filterRule("KUBE-FORWARD", `${answers} -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT`),
    filterRule("KUBE-NODE-PORT", `${says("KUBE-HEALTH-CHECK-NODE-PORT")} ${healthCheck} -j ACCEPT`),
    ...SERVED.map((set) =>
      filterRule("KUBE-IPVS-FILTER", `${inSet(input, { set, sides: "dst,dst" })} -j RETURN`),
    ),
    filterRule("KUBE-IPVS-FILTER", `${healthCheck} -j RETURN`),
    filterRule(
      "KUBE-IPVS-FILTER",
      `-m conntrack --ctstate NEW ${virtual} -j REJECT --reject-with ${REFUSALS[family]}`,
    ),
  ];
}
