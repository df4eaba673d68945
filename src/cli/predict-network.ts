/** `predict --topology`: a whole cluster, with the real state of nodes where `--state` has it. */
import { portConflicts } from "#cluster/port-conflicts.js";
import type { Topology } from "#cluster/topology.js";
import { followPaths } from "#expected/network/follow.js";
import { networkOf, type Network } from "#expected/network/network.js";
import { UnknownVersionError } from "#expected/network/unknown-version.js";
import type { NodeState } from "#expected/netfilter/node-state.js";
import { predictedSightings } from "#expected/taps/predicted-sightings.js";
import { predictJourneys } from "#report/prediction-journeys.js";
import { sanitize } from "#report/sanitize.js";
import { CannotCheck } from "./exit.js";
import { dialOf } from "./predict-dial.js";
import { limitsOf, type Predicted } from "./predict-node.js";
import type { Asked, PredictFlags } from "./predict-options.js";
import { readStates } from "./state-folder.js";
import { readTopologyOption } from "./topology-option.js";

export async function predictInNetwork(
  flags: PredictFlags & { readonly topology: readonly string[] },
  asked: Asked,
): Promise<Predicted> {
  refuseNodeFlags(flags);
  const topology = await readTopologyOption(flags.topology);
  const states = flags.state === undefined ? undefined : statesFor(flags.state, asked);
  const network = knownNetwork(topology, { family: asked.family, ...(states && { states }) });
  const dial = dialOf(network, { flags, asked });
  return {
    prediction: predictJourneys(network, dial, {
      follow: followPaths,
      sightings: predictedSightings,
    }),
    notes: [...portConflicts(topology), ...(states ? stateNotes(topology, states) : [])],
  };
}

/** @throws CannotCheck for a version of portmap or Docker whose rules are not known. */
function knownNetwork(...[topology, options]: Parameters<typeof networkOf>): Network {
  try {
    return networkOf(topology, options);
  } catch (error) {
    if (error instanceof UnknownVersionError) throw new CannotCheck(`--topology: ${error.message}`);
    throw error;
  }
}

/** What a single node's walk is told, and a network knows by itself. */
function refuseNodeFlags({ in: port, local, node }: PredictFlags): void {
  if (port !== undefined) {
    throw new CannotCheck(
      `--in ${sanitize(port)}: is for --state alone; the topology says how a packet comes in`,
    );
  }
  if (local !== undefined) throw new CannotCheck("--local: with --topology say --at NODE");
  if (node !== undefined) {
    throw new CannotCheck(`--node ${sanitize(node)}: with --topology say --at ${sanitize(node)}`);
  }
}

function statesFor(folder: string, { family }: Asked): ReadonlyMap<string, NodeState> {
  const states = readStates({ folder, family });
  if (states.size > 0) return states;
  throw new CannotCheck(
    `${sanitize(folder)}: no node's ${family === "ipv6" ? "IPv6" : "IPv4"} rules in it`,
  );
}

/** Whose rules are its own, whose are not, and what of them is not modelled. */
function stateNotes(topology: Topology, states: ReadonlyMap<string, NodeState>): readonly string[] {
  const names = topology.nodes.map(({ name }) => name);
  const strangers = [...states.keys()].filter((name) => !names.includes(name));
  const generated = names.filter((name) => !states.has(name));
  return [
    ...strangers.map((name) => `state of ${name}: not used, the topology has no node of that name`),
    ...generated.map((name) => `${name}: no state of it; its rules are made from the topology`),
    ...[...states].flatMap(([name, state]) => (names.includes(name) ? limitsOf(state) : [])),
  ];
}
