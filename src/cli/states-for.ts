/** Nodes' own rules of both families, as far as the topology has the nodes. */
import type { Topology } from "#cluster/topology.js";
import type { NodeState } from "#expected/netfilter/node-state.js";
import { sanitize } from "#report/sanitize.js";
import type { NodeStates } from "#verify/verify-input.js";
import { derivedTopology } from "./derived-topology.js";
import { CannotCheck } from "./exit.js";
import { FAMILY_FILES, MissingState, readNode, type SavedNodes } from "./node-files.js";
import { savedStates } from "./state-folder.js";
import type { GivenState } from "./state-options.js";
import { statesForTopology } from "./states-for-topology.js";

export interface SavedStates {
  readonly states: NodeStates | undefined;
  /** What was told, or what the states show. */
  readonly topology: Topology | undefined;
  /** For stderr: what is not used, and why. */
  readonly remarks: readonly string[];
}

type Family = keyof typeof FAMILY_FILES;

/**
 * The topology is derived from the state where nobody told one.
 * @throws CannotCheck for a file that cannot be used, and for a folder of `--state` without rules.
 */
export function statesFor({ nodes, by }: GivenState, told: Topology | undefined): SavedStates {
  if (!nodes) return { states: undefined, topology: told, remarks: [] };
  const partial: string[] = [];
  const read = (family: Family) =>
    by === "--state" ? savedStates(nodes, family) : wholeStates(nodes, { family, partial });
  const states: NodeStates = { ipv4: read("ipv4"), ipv6: read("ipv6") };
  const derived = told ? undefined : derivedTopology(states, nodes.folder);
  const topology = told ?? derived?.topology;
  const usable = topology && usableStates(states, topology);
  const remarks = [
    ...new Set([...partial, ...(derived?.remarks ?? []), ...(usable?.remarks ?? [])]),
  ];
  if (by === "--state" && !usable?.states && remarks.length === 0) {
    throw new CannotCheck(noRules(nodes.folder));
  }
  return { states: usable?.states, topology, remarks };
}

function usableStates(states: NodeStates, topology: Topology): Omit<SavedStates, "topology"> {
  const ipv4 = statesForTopology(states.ipv4, topology);
  const ipv6 = statesForTopology(states.ipv6, topology);
  const isNone = ipv4.states.size + ipv6.states.size === 0;
  return {
    states: isNone ? undefined : { ipv4: ipv4.states, ipv6: ipv6.states },
    remarks: [...ipv4.remarks, ...ipv6.remarks],
  };
}

/** Nobody asked for what a bundle happens to hold: a node of which a file is missing is left out. */
function wholeStates(
  nodes: SavedNodes,
  { family, partial }: { readonly family: Family; readonly partial: string[] },
): ReadonlyMap<string, NodeState> {
  const states = new Map<string, NodeState>();
  for (const [name, kinds] of nodes.files) {
    if (!kinds.has(FAMILY_FILES[family].rules)) continue;
    try {
      const state = readNode({ ...nodes, name, family });
      states.set(state.name, state);
    } catch (error) {
      if (!(error instanceof MissingState)) throw error;
      const file = kinds.get(FAMILY_FILES[family].rules)?.file ?? name;
      partial.push(
        `${sanitize(file)}: not used, the node's ${error.kind} is missing beside it (${error.command})`,
      );
    }
  }
  return states;
}

function noRules(folder: string): string {
  return (
    `--state ${sanitize(folder)}: no file NODE.iptables-save.txt or NODE/iptables-save.txt in it\n` +
    "    try       iptables-save -c > NODE.iptables-save.txt on each node"
  );
}
