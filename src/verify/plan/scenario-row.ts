/** Whether a way is one of a scenario's, the user's own included, and by which row of it. */
import type { Network } from "#expected/network/network.js";
import type { Path } from "#expected/network/path.js";
import { CURRENT_PORTMAP, portmapBehaviour } from "#expected/rulesets/portmap.js";
import { scenarioOf } from "#expected/scenarios/classify.js";
import type { PathRow } from "#expected/scenarios/path-row.js";
import type { Scenario } from "#expected/scenarios/scenario.js";
import { situationOf } from "#expected/scenarios/situation.js";

export interface OfScenario {
  /** Undefined for a hostPort, and for a way that the scenario has no row for. */
  readonly row: PathRow | undefined;
}

/** Undefined: it is another scenario's. */
export function ofScenario(
  scenario: Scenario,
  { network, path }: { readonly network: Network; readonly path: Path },
): OfScenario | undefined {
  if (scenario.file === undefined) {
    const found = scenarioOf(network, path);
    return found?.scenario === scenario ? { row: found.row } : undefined;
  }
  const { client, dialled, endpoint, policy } = situationOf(network, path.dial, path);
  if (scenario.target === "path") {
    const row = scenario.paths.find(
      (own) =>
        own.client === client &&
        own.dialled === dialled &&
        own.endpoint === endpoint &&
        (own.policy === undefined || own.policy === policy),
    );
    return row && { row };
  }
  const portmap = portmapBehaviour(network.topology.portmap ?? CURRENT_PORTMAP);
  const isOwn =
    dialled === scenario.target &&
    portmap !== undefined &&
    scenario.rows(portmap).some((row) => row.client === client);
  return isOwn ? { row: undefined } : undefined;
}
