/** A topology from nodes' state alone, where nobody gave one. */
import { counted } from "#net/counted.js";
import type { Topology } from "#cluster/topology.js";
import { topologyFromStates } from "#expected/rulesets/from-state/topology-from-states.js";
import { sanitize } from "#report/sanitize.js";
import type { NodeStates } from "#verify/verify-input.js";

export interface DerivedTopology {
  readonly topology: Topology;
  /** For stderr: that it was derived, what is odd in the state, and what was left out for it. */
  readonly remarks: readonly string[];
}

/** `from` is the folder or the bundle. Undefined where no state in it is a node's. */
export function derivedTopology(states: NodeStates, from: string): DerivedTopology | undefined {
  const found = topologyFromStates(states);
  if (found === undefined) return undefined;
  const { topology, remarks } = found;
  const { nodes, services, pods, derived } = topology;
  const counts = [
    counted(nodes.length, "node"),
    counted(services.length, "Service"),
    counted(pods.flatMap(({ hostPorts }) => hostPorts).length, "published port"),
    counted(pods.length, "pod"),
  ].join(", ");
  const unclear = derived?.unclear ?? [];
  return {
    topology,
    remarks: [
      `${sanitize(from)}: no topology was given, it is derived from the nodes' own state: ${counts}`,
      ...remarks.map((text) => `    ${sanitize(text)}`),
      ...unclear.map(({ says }) => `    not known: ${sanitize(says)}`),
    ],
  };
}
