/** `plan`'s options as typed, and what they mean. */
import type { Topology } from "#cluster/topology.js";
import type { Scenario } from "#expected/scenarios/scenario.js";
import { closest } from "#net/closest.js";
import { parsePrefix, prefixOf, type Prefix } from "#net/prefix.js";
import { ENTRANCES, type Entrance } from "#report/plan-text.js";
import { sanitize } from "#report/sanitize.js";
import type { PlanSubject } from "#verify/plan/planned-paths.js";
import { CannotCheck } from "./exit.js";
import { readScenarioOption } from "./scenario-option.js";
import { readTopologyOption } from "./topology-option.js";

export interface PlanFlags {
  readonly scenario: string;
  readonly topology?: readonly string[];
  readonly service?: string;
  readonly pod?: string;
  readonly node?: string;
  readonly port?: string;
  readonly client?: readonly string[];
  readonly enter?: string;
}

export interface PlanOptions {
  readonly scenario: Scenario;
  /** With the clients that were named. */
  readonly topology: Topology | undefined;
  readonly subject: PlanSubject;
  readonly entrance: Entrance | undefined;
}

export async function readPlanOptions(flags: PlanFlags): Promise<PlanOptions> {
  const { service, pod, node, port } = flags;
  const scenario = await readScenarioOption(flags.scenario);
  const clients = flags.client?.flatMap((list) => list.split(",")).map(readClient);
  const narrowing = { service, pod, node, port, client: clients };
  const stray = Object.entries(narrowing).find(([, value]) => value !== undefined);
  if (flags.topology === undefined && stray) {
    throw new CannotCheck(`--${stray[0]} needs --topology FILE, which says what there is`);
  }
  const told = flags.topology && (await readTopologyOption(flags.topology));
  if (told) refuseUnknown(told, flags);
  return {
    scenario,
    topology: told && withClients(told, clients ?? []),
    subject: {
      service,
      pod,
      node,
      port: port === undefined ? undefined : readPort(port),
      clients,
    },
    entrance: flags.enter === undefined ? undefined : readEntrance(flags.enter),
  };
}

function refuseUnknown(topology: Topology, { service, pod, node }: PlanFlags): void {
  const known = [
    ["--service", service, topology.services],
    ["--pod", pod, topology.pods],
    ["--node", node, topology.nodes],
  ] as const;
  for (const [option, asked, things] of known) {
    const names = things.map(({ name }) => name);
    if (asked === undefined || names.includes(asked)) continue;
    const near = closest(asked, names);
    const question = near === undefined ? "" : `; did you mean ${sanitize(near)}?`;
    throw new CannotCheck(`${option} ${sanitize(asked)}: not in the topology${question}`);
  }
}

/** Who is named may dial, whether the topology lists it or not. */
function withClients(topology: Topology, clients: readonly Prefix[]): Topology {
  if (clients.length === 0) return topology;
  const named = clients.map((prefix) => ({
    name: "client",
    addresses: [prefix],
    isBalancer: false,
  }));
  const others = topology.clients.filter(
    ({ addresses }) => !addresses.some((own) => clients.some((client) => isSame(own, client))),
  );
  const isListed = others.length < topology.clients.length;
  return isListed ? topology : { ...topology, clients: [...topology.clients, ...named] };
}

function isSame(a: Prefix, b: Prefix): boolean {
  return a.address === b.address && a.length === b.length;
}

function readClient(text: string): Prefix {
  const prefix = parsePrefix(text.trim());
  if (prefix !== undefined) return prefixOf(prefix.address, prefix.length);
  throw new CannotCheck(`--client ${sanitize(text)}: not an IP address or prefix`);
}

function readPort(text: string): number {
  const port = /^\d+$/.test(text) ? Number(text) : 0;
  if (port >= 1 && port <= 65_535) return port;
  throw new CannotCheck(`--port ${sanitize(text)}: not a port, 1 to 65535`);
}

function readEntrance(text: string): Entrance {
  const entrance = ENTRANCES.find((known) => known === text);
  if (entrance !== undefined) return entrance;
  throw new CannotCheck(`--enter ${sanitize(text)}: choose ${ENTRANCES.join(", ")}`);
}
