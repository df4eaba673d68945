/** Pods with hostPorts, as portmap's chains name them (portmap-rules.ts writes the same). */
import type { HostPort, Unclear } from "#cluster/topology.js";
import type { Rule, Ruleset } from "#expected/netfilter/rule.js";
import type { Address } from "#net/address.js";
import { blockAsked, chainAsked, dnatOf, portAsked, transportAsked } from "./asked-of.js";
import { chainsCalled, rulesOf } from "./rules-of.js";

export interface HostPortsFromRules {
  /** In the order in which the rules are asked. */
  readonly pods: readonly { readonly address: Address; readonly hostPorts: readonly HostPort[] }[];
  /** Sentences: what is odd. */
  readonly remarks: readonly string[];
  readonly unclear: readonly Unclear[];
}

/**
 * Of every CNI-DN chain, whether anything leads to it or not: portmap takes the chain away with the jump
 * to it, so that a chain without one has lost it.
 */
export function hostPortsFromRules(ruleset: Ruleset, node: string): HostPortsFromRules {
  const jumps = rulesOf(ruleset, "nat", "CNI-HOSTPORT-DNAT");
  const reached = jumps.flatMap((rule) => chainAsked(rule) ?? []);
  const chains = chainsCalled(ruleset, { table: "nat", prefix: "CNI-DN-" });
  const inOrder = [...new Set([...reached.filter((name) => chains.includes(name)), ...chains])];
  const byAddress = new Map<Address, HostPort[]>();
  const remarks: string[] = [];
  const unclear: Unclear[] = [];
  for (const chain of inOrder) {
    const mappings = rulesOf(ruleset, "nat", chain).flatMap(mappingOf);
    for (const { address, hostPort } of mappings) {
      byAddress.set(address, [...(byAddress.get(address) ?? []), hostPort]);
    }
    const jump = jumps.find((rule) => chainAsked(rule) === chain);
    if (mappings.length === 0) unclear.push(leadsNowhere({ node, chain, jump }));
    else if (!jump) remarks.push(`${node}: no rule of CNI-HOSTPORT-DNAT leads to ${chain}`);
  }
  const pods = [...byAddress].map(([address, hostPorts]) => ({ address, hostPorts }));
  return { pods, remarks, unclear };
}

function mappingOf(rule: Rule): readonly { address: Address; hostPort: HostPort }[] {
  const to = dnatOf(rule);
  const protocol = transportAsked(rule);
  const port = portAsked(rule);
  if (to === undefined || protocol === undefined || port === undefined) return [];
  const hostIP = blockAsked(rule, "destination")?.address;
  const hostPort = { hostPort: port, containerPort: to.port ?? port, protocol, hostIP };
  return [{ address: to.address, hostPort }];
}

function leadsNowhere({
  node,
  chain,
  jump,
}: {
  readonly node: string;
  readonly chain: string;
  readonly jump: Rule | undefined;
}): Unclear {
  const [, listed] = /--dports (\S+)/.exec(jump?.text ?? "") ?? [];
  const which = listed === undefined ? "" : ` for hostPort ${listed}`;
  return {
    says: `${node}: ${chain}${which} translates nothing: which pod it is for is not known`,
    ports: listed?.split(",").map(Number),
  };
}
