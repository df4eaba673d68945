/** The connections that a scenario is about in a cluster, with what their captures show. */
import type { Prefix } from "#net/prefix.js";
import { prefixContains } from "#net/prefix.js";
import type { Topology } from "#cluster/topology.js";
import { followPaths } from "#expected/network/follow.js";
import { networkOf, type Network } from "#expected/network/network.js";
import type { Dial, Path } from "#expected/network/path.js";
import { scenarioOf } from "#expected/scenarios/classify.js";
import { dialsOf } from "#expected/scenarios/dials.js";
import type { PathRow } from "#expected/scenarios/path-row.js";
import type { Scenario } from "#expected/scenarios/scenario.js";
import { situationOf, type Situation } from "#expected/scenarios/situation.js";
import { ofScenario } from "./scenario-row.js";
import type { PredictedSighting } from "#expected/taps/predicted-sighting.js";
import { predictedSightings } from "#expected/taps/predicted-sightings.js";

/** What makes a plan about one thing; undefined is everything. */
export interface PlanSubject {
  readonly service?: string | undefined;
  /** That serves, or dials. */
  readonly pod?: string | undefined;
  /** That is dialled first. */
  readonly node?: string | undefined;
  /** The port that is dialled. */
  readonly port?: number | undefined;
  readonly clients?: readonly Prefix[] | undefined;
}

export interface PlannedPath {
  readonly network: Network;
  readonly path: Path;
  readonly situation: Situation;
  readonly row: PathRow | undefined;
  /** What every capture that could see it must show. */
  readonly sightings: readonly PredictedSighting[];
  /** A proxy's own connection, dialled for a client's. */
  readonly isSecond: boolean;
}

export interface PathsRequest {
  readonly topology: Topology;
  readonly scenario: Scenario;
  readonly subject: PlanSubject;
}

/** A plan is for people: of a whole large cluster there is none. */
export class TooMuchToPlan extends Error {
  override readonly name = "TooMuchToPlan";
}

/** Who can dial what is a product: five hundred pods and a hundred Services make a minute's work. */
const MAX_PODS = 100;

/** @throws TooMuchToPlan where nobody said what it is about. */
export function plannedPaths({
  topology,
  scenario,
  subject,
}: PathsRequest): readonly PlannedPath[] {
  const part = partAbout(topology, subject);
  if (part.pods.length > MAX_PODS) {
    throw new TooMuchToPlan(
      `the topology has ${part.pods.length} pods, too many for one plan\n` +
        "    try       --service NAMESPACE/NAME or --pod NAME, which say what it is about",
    );
  }
  return familiesOf(part).flatMap((family) => {
    const network = networkOf(part, { family });
    const paths = dialsOf(network)
      .filter((dial) => mayBeAbout(dial, subject))
      .flatMap((dial) => followPaths(network, dial))
      .flatMap((path) => {
        const own = ofScenario(scenario, { network, path });
        return own && isAbout(network, path, subject) ? [{ ...own, path }] : [];
      });
    const seconds = secondDials(paths.map(({ path }) => path)).flatMap((dial) =>
      followPaths(network, dial),
    );
    return [
      ...paths.map((own) => planned(network, { ...own, isSecond: false })),
      ...seconds.map((path) =>
        planned(network, { path, isSecond: true, row: scenarioOf(network, path)?.row }),
      ),
    ];
  });
}

/** Of a large cluster what the subject touches, and two of each other kind that may dial it. */
function partAbout(topology: Topology, { service, pod, node }: PlanSubject): Topology {
  if (topology.pods.length <= MAX_PODS || (service === undefined && pod === undefined)) {
    return topology;
  }
  const services = topology.services.filter(
    ({ name, endpoints }) =>
      name === service || (service === undefined && endpoints.some((one) => one.pod === pod)),
  );
  const named = new Set([
    ...(pod === undefined ? [] : [pod]),
    ...services.flatMap(({ endpoints }) => endpoints.flatMap((one) => one.pod ?? [])),
  ]);
  const kept = topology.pods.filter(({ name }) => named.has(name));
  const homes = new Set([...kept.map((own) => own.node), ...(node === undefined ? [] : [node])]);
  const elsewhere = topology.nodes.find(({ name }) => !homes.has(name));
  const nodes = topology.nodes.filter(({ name }) => homes.has(name) || name === elsewhere?.name);
  const bystanders = nodes.flatMap(
    ({ name }) =>
      topology.pods.find(
        (own) => own.node === name && !named.has(own.name) && !own.hostNetwork && !own.gone,
      ) ?? [],
  );
  return { ...topology, services, nodes, pods: [...kept, ...bystanders] };
}

function familiesOf({ nodes }: Topology): readonly ("ipv4" | "ipv6")[] {
  const isV6 = new Set(
    nodes.flatMap(({ addresses }) => addresses.map((address) => address.includes(":"))),
  );
  return [
    ...(isV6.has(false) ? ["ipv4" as const] : []),
    ...(isV6.has(true) ? ["ipv6" as const] : []),
  ];
}

function planned(
  network: Network,
  own: Pick<PlannedPath, "path" | "row" | "isSecond">,
): PlannedPath {
  const { path } = own;
  return {
    ...own,
    network,
    situation: situationOf(network, path.dial, path),
    sightings: predictedSightings(network, path).filter(({ seen }) => seen === "must"),
  };
}

/** What can be told without following it. */
function mayBeAbout({ from, tuple }: Dial, { port, clients }: PlanSubject): boolean {
  if (port !== undefined && tuple.destination.port !== port) return false;
  if (clients === undefined) return true;
  const { address } = tuple.source;
  return from.kind === "outside" && clients.some((prefix) => prefixContains(prefix, address));
}

function isAbout(network: Network, path: Path, { service, pod, node }: PlanSubject): boolean {
  const { dial, end } = path;
  const situation = situationOf(network, dial, path);
  if (service !== undefined && situation.service?.name !== service) return false;
  if (node !== undefined && situation.node !== node) return false;
  if (pod === undefined) return true;
  const parties = [dial.from, ...(end.kind === "delivered" ? [end.to] : [])];
  const isParty = parties.some((party) => party.kind === "pod" && party.name === pod);
  return isParty || situation.pod?.name === pod;
}

/** What proxies dial for their clients, each once. */
function secondDials(paths: readonly Path[]): readonly Dial[] {
  const dials = paths.flatMap(({ end }) =>
    end.kind === "delivered" ? (end.proxy?.dials ?? []) : [],
  );
  return [...new Map(dials.map((dial) => [JSON.stringify(dial), dial])).values()];
}
