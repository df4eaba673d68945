/** The rules of a node whose own nobody printed: what each program on it installs, in their order. */
import type { Node, Topology } from "#cluster/topology.js";
import type { Ruleset } from "#expected/netfilter/rule.js";
import { iptablesSaveText, type InstalledRules } from "#expected/rulesets/installed-rules.js";
import { readIptablesSave } from "#expected/rulesets/iptables-save.js";
import type { Family } from "./node-interfaces.js";

export interface RulesAsked {
  readonly topology: Topology;
  readonly node: Node;
  readonly family: Family;
}

/** As `iptables-save` would print them. */
export function nodeRulesText(asked: RulesAsked): string {
  return iptablesSaveText(programsOn(asked));
}

export function nodeRules(asked: RulesAsked): Ruleset {
  const file = `rules generated for ${asked.node.name}`;
  return readIptablesSave({ file, text: nodeRulesText(asked) });
}

/** Docker starts first, then the pod network, kube-proxy, and with each pod portmap. */
function programsOn(_asked: RulesAsked): readonly InstalledRules[] {
  return [];
}
