/** Generated rules in a node, and what becomes of one packet there. */
import type { NodeState } from "#expected/netfilter/node-state.js";
import { traverse } from "#expected/netfilter/traverse.js";
import { iptablesSaveText, type InstalledRules } from "#expected/rulesets/installed-rules.js";
import { readIptablesSave } from "#expected/rulesets/iptables-save.js";
import { outcome, tuple } from "./netfilter.js";

export interface Flow {
  readonly protocol?: string;
  readonly from: string;
  readonly to: string;
  /** The interface it comes in by; `process` for one of the node's own. */
  readonly by: string;
}

/** `outcome` of the only way that the packet can take; every way where there are several. */
export function outcomeOf(node: NodeState, { protocol = "tcp", from, to, by }: Flow): string {
  const traces = traverse(node, {
    tuple: tuple(`${protocol} ${from} > ${to}`),
    arrival: by === "process" ? { from: "process" } : { from: "interface", name: by },
  });
  return traces.map((trace) => outcome(trace)).join(" or ");
}

/** Each chain's rules as `iptables-save` lists them, without counters. */
export function linesByChain(text: string): ReadonlyMap<string, readonly string[]> {
  const chains = new Map<string, string[]>();
  const { tables } = readIptablesSave({ file: "rules.txt", text });
  for (const [table, found] of tables) {
    for (const { name, rules } of found.values()) {
      const key = `${table} ${name}`;
      if (rules.length > 0)
        chains.set(
          key,
          rules.map((rule) => rule.text),
        );
    }
  }
  return chains;
}

/** As `linesByChain` of what these programs write, one after the other. */
export function installedLines(...programs: readonly InstalledRules[]) {
  return linesByChain(iptablesSaveText(programs));
}
