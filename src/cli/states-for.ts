/** Nodes' own rules of both families, as far as the topology has the nodes. */
import type { Topology } from "#cluster/topology.js";
import type { NodeState } from "#expected/netfilter/node-state.js";
import { sanitize } from "#report/sanitize.js";
import type { NodeStates } from "#verify/verify.js";
import { CannotCheck } from "./exit.js";
import { FAMILY_FILES, MissingState, readNode, type SavedNodes } from "./node-files.js";
import { savedStates } from "./state-folder.js";
import type { GivenState } from "./state-options.js";
import { statesForTopology } from "./states-for-topology.js";

export interface SavedStates {
  readonly states: NodeStates | undefined;
  /** For stderr: what is not used, and why. */
  readonly remarks: readonly string[];
}

type Family = keyof typeof FAMILY_FILES;

/** @throws CannotCheck for a file that cannot be used, and for a folder of `--state` without rules. */
export function statesFor({ nodes, by }: GivenState, topology: Topology | undefined): SavedStates {
  if (!nodes || !topology) return { states: undefined, remarks: [] };
  const partial: string[] = [];
  const usable = (family: Family) => {
    const states =
      by === "--state" ? savedStates(nodes, family) : wholeStates(nodes, { family, partial });
    return statesForTopology(states, topology);
  };
  const [ipv4, ipv6] = [usable("ipv4"), usable("ipv6")];
  const remarks = [...new Set([...partial, ...ipv4.remarks, ...ipv6.remarks])];
  const isNone = ipv4.states.size + ipv6.states.size === 0;
  if (by === "bundle" && isNone) return { states: undefined, remarks };
  if (isNone && remarks.length === 0) throw new CannotCheck(noRules(nodes.folder));
  return { states: { ipv4: ipv4.states, ipv6: ipv6.states }, remarks };
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
        `${sanitize(file)}: not used, other files of the node are missing: ${error.message}`,
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
