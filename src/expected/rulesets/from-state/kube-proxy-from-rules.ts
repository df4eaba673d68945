/** How a node's kube-proxy was started, as far as its rules show it. */
import type { KubeProxy } from "#cluster/service.js";
import type { Rule, Ruleset } from "#expected/netfilter/rule.js";
import type { NodeState } from "#expected/netfilter/node-state.js";
import { isLoopback } from "#net/address.js";
import type { Prefix } from "#net/prefix.js";
import { IPVS_DEVICE } from "../kube-proxy-ipvs.js";
import { blockAsked, blockExcluded, chainAsked } from "./asked-of.js";
import { chainsCalled, hasChain, rulesOf } from "./rules-of.js";

export interface KubeProxyFromRules {
  readonly kubeProxy: KubeProxy;
  /** `--cluster-cidr`; undefined where no rule shows it. */
  readonly clusterCIDR: Prefix | undefined;
}

/** Undefined where the node has none of kube-proxy's chains. */
export function kubeProxyFromRules(state: NodeState): KubeProxyFromRules | undefined {
  const mode = modeOf(state);
  if (mode === undefined) return undefined;
  const { rules } = state;
  const clusterCIDR = clusterCidrOf(rules);
  const marks = marksOfClusterIPs(rules);
  const nodePorts = nodePortEntries(rules);
  return {
    clusterCIDR,
    kubeProxy: {
      mode,
      version: versionOf(rules, mode),
      // No rule asks for the cluster's own clients: kube-proxy does not know who they are.
      localDetector: clusterCIDR === undefined && mode === "iptables" ? "none" : "cluster-cidr",
      masqueradeAll: marks.some((rule) => !rule.matches.some(isOfSource)),
      nodePortAddresses: nodePorts.flatMap((rule) => blockAsked(rule, "destination") ?? []),
      localhostNodePorts: hasLocalhost(nodePorts),
      randomFully: isRandom(rules),
      scheduler: schedulerOf(state),
    },
  };
}

function modeOf({ rules, interfaces }: NodeState): KubeProxy["mode"] | undefined {
  if (interfaces.some(({ name }) => name === IPVS_DEVICE)) return "ipvs";
  if (hasChain(rules, "nat", "KUBE-PORTALS-CONTAINER")) return "userspace";
  return hasChain(rules, "nat", "KUBE-SERVICES") ? "iptables" : undefined;
}

/** A version that writes such rules, where only older ones do; undefined: as the newest does. */
function versionOf(rules: Ruleset, mode: KubeProxy["mode"]): string | undefined {
  if (mode === "userspace") return "1.20";
  if (mode === "ipvs") return undefined;
  return hasChain(rules, "filter", "KUBE-PROXY-FIREWALL") ? undefined : "1.24";
}

/** In KUBE-SVC and KUBE-SVL, for a cluster IP. */
function marksOfClusterIPs(rules: Ruleset): readonly Rule[] {
  return ["KUBE-SVC-", "KUBE-SVL-"]
    .flatMap((prefix) => chainsCalled(rules, { table: "nat", prefix }))
    .flatMap((chain) => rulesOf(rules, "nat", chain))
    .filter((rule) => chainAsked(rule) === "KUBE-MARK-MASQ");
}

function clusterCidrOf(rules: Ruleset): Prefix | undefined {
  const excluded = [...marksOfClusterIPs(rules), ...rulesOf(rules, "nat", "KUBE-SERVICES")].flatMap(
    (rule) => (chainAsked(rule) === "KUBE-MARK-MASQ" ? (blockExcluded(rule, "source") ?? []) : []),
  );
  const pods = chainsCalled(rules, { table: "nat", prefix: "KUBE-EXT-" })
    .flatMap((chain) => rulesOf(rules, "nat", chain))
    .filter(({ comment = "" }) => comment.startsWith("pod traffic for "))
    .flatMap((rule) => blockAsked(rule, "source") ?? []);
  return [...excluded, ...pods][0];
}

function isOfSource(match: Rule["matches"][number]): boolean {
  return (match.kind === "address" && match.end === "source") || match.kind === "interface";
}

function nodePortEntries(rules: Ruleset): readonly Rule[] {
  return rulesOf(rules, "nat", "KUBE-SERVICES").filter(
    (rule) => chainAsked(rule) === "KUBE-NODEPORTS",
  );
}

function hasLocalhost(entries: readonly Rule[]): boolean {
  const blocks = entries.flatMap((rule) => blockAsked(rule, "destination") ?? []);
  if (blocks.length > 0) return blocks.some(({ address }) => isLoopback(address));
  return !entries.some((rule) => blockExcluded(rule, "destination") !== undefined);
}

/** Where kube-proxy's own masquerade is gone, any other's tells what the node's iptables can. */
function isRandom(rules: Ruleset): boolean {
  const chains = ["KUBE-POSTROUTING", "FLANNEL-POSTRTG"];
  for (const { target } of chains.flatMap((chain) => rulesOf(rules, "nat", chain))) {
    if (target.kind === "masquerade") return target.ports.isRandom;
  }
  return true;
}

function schedulerOf({ ipvs }: NodeState): KubeProxy["scheduler"] {
  const [first] = ipvs;
  return SCHEDULERS.find((known) => known === first?.scheduler) ?? "rr";
}

const SCHEDULERS: readonly KubeProxy["scheduler"][] = ["rr", "wrr", "lc", "sh"];
