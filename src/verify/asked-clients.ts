/** Who dials is part of what the user told us by naming a hostPort's scenario. */
import type { ClientClass } from "#expected/scenarios/client-class.js";
import type { PortmapBehaviour } from "#expected/rulesets/portmap.js";
import type { HostPortScenario } from "#expected/scenarios/scenario.js";

/** It decides what an address given with --client is. Empty for a hostNetwork pod's. */
export type AskedClients = ReadonlySet<ClientClass>;

export function askedClients(scenario: HostPortScenario, portmap: PortmapBehaviour): AskedClients {
  if (scenario.target !== "hostPort") return new Set();
  return new Set(scenario.rows(portmap).map(({ client }) => client));
}
