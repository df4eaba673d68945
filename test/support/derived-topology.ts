/** Recorded cases whose nodes' state was saved, and the topology that is derived from it. */
import { fileURLToPath } from "node:url";
import type { Topology } from "#cluster/topology.js";
import { topologyFromStates } from "#expected/rulesets/from-state/topology-from-states.js";
import type { NodeStates } from "#verify/verify-input.js";
import { readStates } from "../../src/cli/state-folder.js";
import { ALL_CASES, filesOf } from "./verify-recorded.js";

const FOLDER = fileURLToPath(new URL("../../captures/", import.meta.url));

export const CASES_WITH_STATE: readonly string[] = ALL_CASES.filter(
  (recorded) =>
    filesOf(recorded).includes("topology.yaml") &&
    filesOf(recorded).some((file) => /\.ip6?tables-save\.txt$/.test(file)),
);

export function statesOf(recorded: string): NodeStates {
  const folder = FOLDER + recorded;
  return {
    ipv4: readStates({ folder, family: "ipv4" }),
    ipv6: readStates({ folder, family: "ipv6" }),
  };
}

export function derivedOf(recorded: string): Topology & { readonly remarks: readonly string[] } {
  const found = topologyFromStates(statesOf(recorded));
  if (found === undefined) throw new Error(`${recorded} has no node's state`);
  return { ...found.topology, remarks: found.remarks };
}
