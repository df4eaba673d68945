/** Which saved states are the topology's nodes', and which would accuse a node that they are not of. */
import type { Topology } from "#cluster/topology.js";
import { podStateName } from "#expected/network/network.js";
import type { NodeState } from "#expected/netfilter/node-state.js";
import { sanitize } from "#report/sanitize.js";
import { CannotCheck } from "./exit.js";

export type States = ReadonlyMap<string, NodeState>;

export interface UsableStates {
  readonly states: States;
  /** For stderr: what is not used, and why. */
  readonly remarks: readonly string[];
}

/** @throws CannotCheck for a state that has another node's addresses and none of its own. */
export function statesForTopology(given: States, topology: Topology): UsableStates {
  const named = new Map([...given].map(([name, state]) => nameOfOnlyNode(name, state, topology)));
  for (const state of named.values()) refuseOther(state, topology);
  const remarks = [...named.values()].map((state) => whyUnused(state, topology));
  const used = [...named].filter((_, at) => remarks[at] === undefined);
  return { states: new Map(used), remarks: remarks.flatMap((remark) => remark ?? []) };
}

/** Files without a name in front are of the only node that there is. */
function nameOfOnlyNode(
  name: string,
  state: NodeState,
  { nodes }: Topology,
): readonly [string, NodeState] {
  const [only, ...others] = nodes;
  const isNameless = name === NAMELESS && only !== undefined && others.length === 0;
  return isNameless ? [only.name, { ...state, name: only.name }] : [name, state];
}

/** As `readStates` calls the node of files that have no name in front. */
const NAMELESS = "node";

function refuseOther({ name, interfaces, rules }: NodeState, { nodes }: Topology): void {
  const own = nodes.find((node) => node.name === name);
  if (own === undefined) return;
  const has = new Set(interfaces.flatMap((port) => port.addresses.map(({ address }) => address)));
  if (own.addresses.some((address) => has.has(address))) return;
  const other = nodes.find((node) => node.addresses.some((address) => has.has(address)));
  if (other === undefined) return;
  const address = other.addresses.find((one) => has.has(one)) ?? "";
  throw new CannotCheck(
    `${sanitize(rules.file)}: the files beside it are ${sanitize(other.name)}'s: ip addr has ${address}, ` +
      `and nothing of ${sanitize(name)} (${own.addresses.join(", ")})\n` +
      `    try       the name of the node that they were saved on`,
  );
}

function whyUnused({ name, rules }: NodeState, { nodes, pods }: Topology): string | undefined {
  const file = sanitize(rules.file);
  const names = nodes.map((node) => node.name);
  if (![...names, ...pods.map((pod) => podStateName(pod.name))].includes(name)) {
    const list = names.map(sanitize).join(", ");
    return `${file}: not used, the topology has no node ${sanitize(name)}: ${list}`;
  }
  // A pod has no table as a rule; a node with pods has.
  if (rules.tables.size > 0 || !names.includes(name)) return undefined;
  return (
    `${file}: not used, it has no table. Where rules are nft's own (nft list ruleset) or another backend's ` +
    "(iptables-legacy-save, iptables-nft-save), it says nothing of them"
  );
}
