/**
 * Ports of Services as one node's kube-proxy has written them in iptables mode. Names are in comments,
 * policies in which chains there are, endpoints in comments and translations; a chain's name is a hash of
 * what it is for, so that a rule which was changed since can be told from one that kube-proxy wrote
 * (k8s v1.28.7 pkg/proxy/iptables/proxier.go; kube-proxy-nat.ts writes the same).
 */
import type { Rule, Ruleset } from "#expected/netfilter/rule.js";
import { formatEndpoint } from "#net/five-tuple.js";
import type { Address } from "#net/address.js";
import { formatPrefix, type Prefix } from "#net/prefix.js";
import { endpointChain, portChains, type PortChains, type PortName } from "../kube-proxy-names.js";
import { blockAsked, chainAsked, dnatOf, portAsked, transportAsked } from "./asked-of.js";
import { readEndpointText, type EndpointAddress } from "../endpoint-text.js";
import type { PortFromRules } from "./port-from-rules.js";
import { hasChain, rulesOf } from "./rules-of.js";

/** Every port that a rule names, in the order of the file. */
export function portsFromRules(ruleset: Ruleset): readonly PortFromRules[] {
  const entries = entriesOf(ruleset);
  const byPort = new Map<string, Entry[]>();
  for (const entry of entries) {
    const key = `${entry.name} ${entry.protocol}`;
    byPort.set(key, [...(byPort.get(key) ?? []), entry]);
  }
  return [...byPort.values()].flatMap((own) => {
    const [first] = own;
    return first ? [portOf(ruleset, first, own)] : [];
  });
}

/** One rule that names a port: what is dialled, and where the rule leads. */
interface Entry extends PortName {
  readonly what: EntryKind;
  readonly address: Address | undefined;
  readonly port: number;
  readonly rule: Rule;
}

type EntryKind =
  | "cluster IP"
  | "external IP"
  | "loadbalancer IP"
  | "node port"
  | "health check node port"
  | "no endpoints"
  | "no local endpoints";

/** What a comment says behind the port's name. */
const SAYINGS: readonly (readonly [RegExp, EntryKind])[] = [
  [/^(\S+) cluster IP$/, "cluster IP"],
  [/^(\S+) external IP$/, "external IP"],
  [/^(\S+) loadbalancer IP$/, "loadbalancer IP"],
  [/^(\S+) health check node port$/, "health check node port"],
  [/^(\S+) has no endpoints$/, "no endpoints"],
  [/^(\S+) has no local endpoints$/, "no local endpoints"],
];

function entriesOf(ruleset: Ruleset): readonly Entry[] {
  const named = [
    ...rulesOf(ruleset, "nat", "KUBE-SERVICES"),
    ...rulesOf(ruleset, "filter", "KUBE-SERVICES"),
    ...rulesOf(ruleset, "filter", "KUBE-EXTERNAL-SERVICES"),
    ...rulesOf(ruleset, "filter", "KUBE-NODEPORTS"),
  ].flatMap((rule) => entryOf(rule, sayingOf(rule)));
  const nodePorts = rulesOf(ruleset, "nat", "KUBE-NODEPORTS").flatMap((rule) =>
    // Before 1.24 the same chain marks first: one of two rules with the same comment.
    entryOf(rule, isServiceChain(chainAsked(rule)) ? [rule.comment, "node port"] : undefined),
  );
  return [...named, ...nodePorts];
}

function isServiceChain(chain: string | undefined): boolean {
  return /^KUBE-(EXT|SVC|SVL|XLB|FW)-/.test(chain ?? "");
}

type Saying = readonly [name: string | undefined, what: EntryKind];

function sayingOf({ comment = "" }: Rule): Saying | undefined {
  for (const [pattern, what] of SAYINGS) {
    const [, name] = pattern.exec(comment) ?? [];
    if (name !== undefined) return [name, what];
  }
  return undefined;
}

function entryOf(rule: Rule, saying: Saying | undefined): readonly Entry[] {
  const protocol = transportAsked(rule);
  const port = portAsked(rule);
  const [name, what] = saying ?? [];
  if (name === undefined || what === undefined || !isPortName(name)) return [];
  if (protocol === undefined || port === undefined) return [];
  return [{ name, what, protocol, port, address: blockAsked(rule, "destination")?.address, rule }];
}

/** `namespace/name`, `namespace/name:port`. */
function isPortName(name: string): boolean {
  return /^[^/\s]+\/[^/\s]+$/.test(name);
}

function portOf(
  ruleset: Ruleset,
  { name, protocol }: PortName,
  entries: readonly Entry[],
): PortFromRules {
  const chains = chainsLedTo({ name, protocol }, entries);
  const of = (what: EntryKind): readonly Entry[] => entries.filter((entry) => entry.what === what);
  const refused = [...of("no endpoints"), ...of("no local endpoints")];
  const internal = refused.filter(({ rule }) => rule.chain === "KUBE-SERVICES");
  const external = refused.filter(({ rule }) => rule.chain === "KUBE-EXTERNAL-SERVICES");
  const balanced = addressesOf(of("loadbalancer IP"));
  const clusterIPs = addressesOf([...of("cluster IP"), ...internal]);
  const unsaid = addressesOf(external).filter((address) => !balanced.includes(address));
  const policies = policiesOf(ruleset, { name, chains }, entries);
  const asked: ChainAsked = { ruleset, name, protocol };
  const endpoints = endpointsIn(asked, chains.cluster);
  const localEndpoints = endpointsIn(asked, chains.local);
  return {
    name,
    protocol,
    clusterIPs,
    port: [...of("cluster IP"), ...of("external IP"), ...of("loadbalancer IP"), ...internal][0]
      ?.port,
    nodePort: [...of("node port"), ...external.filter(({ address }) => address === undefined)][0]
      ?.port,
    externalIPs: [...new Set([...addressesOf(of("external IP")), ...unsaid])],
    loadBalancerIPs: balanced,
    sourceRanges: sourceRanges(rulesOf(ruleset, "nat", chains.firewall), balanced),
    ...policies,
    affinitySeconds: affinityOf([
      ...rulesOf(ruleset, "nat", chains.cluster),
      ...rulesOf(ruleset, "nat", chains.local),
    ]),
    healthCheckNodePort: of("health check node port")[0]?.port,
    endpoints: endpoints.found,
    localEndpoints: localEndpoints.found,
    isRefused: refused.length > 0,
    remarks: [...new Set([...endpoints.remarks, ...localEndpoints.remarks])],
  };
}

function addressesOf(entries: readonly Entry[]): readonly Address[] {
  return [...new Set(entries.flatMap(({ address }) => address ?? []))];
}

interface NamedChains {
  /** The port's. */
  readonly name: string;
  readonly chains: PortChains;
}

/** The four share what stands behind their first word; whoever wrote them, what leads to one tells all. */
function chainsLedTo(port: PortName, entries: readonly Entry[]): PortChains {
  for (const { rule } of entries) {
    const [, suffix] = /^KUBE-(?:EXT|SVC|SVL|FW)-(.+)$/.exec(chainAsked(rule) ?? "") ?? [];
    if (suffix === undefined) continue;
    return {
      cluster: `KUBE-SVC-${suffix}`,
      local: `KUBE-SVL-${suffix}`,
      external: `KUBE-EXT-${suffix}`,
      firewall: `KUBE-FW-${suffix}`,
    };
  }
  return portChains(port);
}

type Policies = Pick<PortFromRules, "externalPolicy" | "internalPolicy" | "externalDoubt">;

/**
 * KUBE-SVL is there for a Local policy alone. A KUBE-EXT that was emptied leaves Cluster as the only
 * policy that makes no other trace.
 */
function policiesOf(ruleset: Ruleset, port: NamedChains, entries: readonly Entry[]): Policies {
  const { chains } = port;
  const isRefused = (chain: string): boolean =>
    entries.some(({ what, rule }) => what === "no local endpoints" && rule.chain === chain);
  const internal = entries.find(({ what }) => what === "cluster IP");
  const isInternalLocal =
    (internal && chainAsked(internal.rule) === chains.local) || isRefused("KUBE-SERVICES");
  const isExternal =
    entries.some(({ what }) => EXTERNAL.has(what)) || hasChain(ruleset, "nat", chains.external);
  const rules = rulesOf(ruleset, "nat", chains.external);
  const saysLocal =
    rules.some(isOfLocal) || isRefused("KUBE-EXTERNAL-SERVICES") || leadsToOldLocal(entries);
  const saysCluster = rules.some(isOfCluster);
  const hasUnusedLocal = hasChain(ruleset, "nat", chains.local) && !isInternalLocal && !saysLocal;
  return {
    internalPolicy:
      internal || isRefused("KUBE-SERVICES") ? (isInternalLocal ? "Local" : "Cluster") : undefined,
    externalPolicy: isExternal ? (saysLocal ? "Local" : "Cluster") : undefined,
    externalDoubt: isExternal
      ? doubtOf(port, { hasUnusedLocal, saysBoth: saysLocal && saysCluster })
      : undefined,
  };
}

interface PolicyTraces {
  readonly hasUnusedLocal: boolean;
  readonly saysBoth: boolean;
}

function doubtOf(
  { chains }: NamedChains,
  { hasUnusedLocal, saysBoth }: PolicyTraces,
): string | undefined {
  if (saysBoth) return `${chains.external} has rules of both external traffic policies`;
  return hasUnusedLocal
    ? `the chain ${chains.local} is there, which only policy Local makes, and no rule leads to it`
    : undefined;
}

const EXTERNAL: ReadonlySet<EntryKind> = new Set(["external IP", "loadbalancer IP", "node port"]);

function isOfLocal(rule: Rule): boolean {
  const isShortCircuit = /^(pod traffic|masquerade LOCAL traffic|route LOCAL traffic) for /.test(
    rule.comment ?? "",
  );
  return isShortCircuit || (chainAsked(rule)?.startsWith("KUBE-SVL-") ?? false);
}

function isOfCluster(rule: Rule): boolean {
  const isMark = /^masquerade traffic for \S+ external destinations$/.test(rule.comment ?? "");
  return (
    isMark || (rule.matches.length === 0 && (chainAsked(rule)?.startsWith("KUBE-SVC-") ?? false))
  );
}

/** KUBE-XLB, up to 1.23. */
function leadsToOldLocal(entries: readonly Entry[]): boolean {
  return entries.some(({ rule }) => chainAsked(rule)?.startsWith("KUBE-XLB-") ?? false);
}

/** A node that a range contains may come from the balancer's address itself: that is no range. */
function sourceRanges(rules: readonly Rule[], balancers: readonly Address[]): readonly Prefix[] {
  const blocks = rules.flatMap((rule) => blockAsked(rule, "source") ?? []);
  const own = new Set(balancers.map((address) => `${address}/${address.includes(":") ? 128 : 32}`));
  return blocks.filter((block) => !own.has(formatPrefix(block)));
}

function affinityOf(rules: readonly Rule[]): number | undefined {
  for (const { text } of rules) {
    const [, seconds] = /-m recent --rcheck --seconds (\d+)/.exec(text) ?? [];
    if (seconds !== undefined) return Number(seconds);
  }
  return undefined;
}

interface ChainAsked extends PortName {
  readonly ruleset: Ruleset;
}

interface EndpointsFound {
  readonly found: readonly EndpointAddress[];
  readonly remarks: readonly string[];
}

function endpointsIn(asked: ChainAsked, chain: string): EndpointsFound {
  const each = rulesOf(asked.ruleset, "nat", chain).flatMap((rule) => {
    const own = chainAsked(rule);
    return own?.startsWith("KUBE-SEP-") ? [endpointOf(asked, rule, own)] : [];
  });
  const texts = new Map(
    each.flatMap(({ found }) => found).map((one) => [formatEndpoint(one), one]),
  );
  return { found: [...texts.values()], remarks: each.flatMap(({ remarks }) => remarks) };
}

/** What the chain is named after, of what the comment says and what the translation does. */
function endpointOf(asked: ChainAsked, rule: Rule, chain: string): EndpointsFound {
  const [, said = ""] = / -> (\S+)$/.exec(rule.comment ?? "") ?? [];
  const done = rulesOf(asked.ruleset, "nat", chain).flatMap((one) => dnatOf(one) ?? []);
  const translated = done.flatMap(({ address, port }) =>
    port === undefined ? [] : [{ address, port }],
  );
  const told = readEndpointText(said);
  const all = [...(told ? [told] : []), ...translated];
  const own = all.find((one) => endpointChain(asked, formatEndpoint(one)) === chain);
  const found = own ?? all[0];
  const odd = translated.find((one) => found && formatEndpoint(one) !== formatEndpoint(found));
  return {
    found: found ? [found] : [],
    remarks: [
      ...(found
        ? []
        : [`${chain} of ${asked.name} leads nowhere: which endpoint it is for is not known`]),
      ...(odd && found
        ? [
            `${chain} of ${asked.name} leads to ${formatEndpoint(odd)}, and is named after ${formatEndpoint(found)}`,
          ]
        : []),
    ],
  };
}
