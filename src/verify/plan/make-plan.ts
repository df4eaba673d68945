/** From a scenario and a cluster to what has to be captured in it. */
import type { Topology } from "#cluster/topology.js";
import {
  formatPredictedTuple,
  samePredictedEndpoint,
} from "#expected/netfilter/predicted-tuple.js";
import type { Scenario } from "#expected/scenarios/scenario.js";
import { isDockerHost } from "#expected/scenarios/whereabouts.js";
import type { PredictedSighting } from "#expected/taps/predicted-sighting.js";
import { placeOnWay } from "#verify/replay/place-on-way.js";
import { captureNameOf, outsideName } from "./capture-names.js";
import { filterOf } from "./filter-of.js";
import { lostChecks } from "./lost-checks.js";
import type { Placeholder, Plan, PlannedCapture, PlannedMachine, PlannedWay } from "./plan.js";
import { plannedPaths, type PlannedPath, type PlanSubject } from "./planned-paths.js";

export interface PlanRequest {
  readonly scenario: Scenario;
  readonly topology: Topology;
  readonly subject: PlanSubject;
  /** Where the topology is an example. */
  readonly placeholders?: readonly Placeholder[];
  /** What captures tell and cost; `lostChecks` unless a test is about something else. */
  readonly judge?: typeof lostChecks;
}

/** Undefined where nothing in the topology makes a connection of the scenario. */
export function makePlan(request: PlanRequest): Plan | undefined {
  const { scenario, topology, placeholders = [], judge = lostChecks } = request;
  const found = plannedPaths(request);
  const paths = placeholders.length > 0 ? oneOfEachKind(found) : found;
  if (paths.length === 0) return undefined;
  const located = paths.map((path) => locate(path, topology));
  const captures = capturesOf(located);
  const first = located.filter(({ isSecond }) => !isSecond);
  const { checks, lost } = judge({
    scenario,
    topology,
    paths: oneOfEachKind(telling(located)),
  });
  return {
    scenario: { name: scenario.name, question: scenario.question },
    placeholders,
    ways: waysOf(first, scenario),
    machines: machinesOf(
      captures.map((capture) => ({
        ...capture,
        lost: lost.get(capture.name) ?? [],
      })),
      topology,
      paths,
    ),
    filter: filterOf(paths),
    checks,
    untold: waysOf(oneOfEachKind(located.filter(isHidden)), scenario),
    assumptions: [...new Set(paths.flatMap(({ network }) => network.assumptions))],
  };
}

interface LocatedSighting extends PredictedSighting {
  readonly capture: string;
}

interface LocatedPath extends Omit<PlannedPath, "sightings"> {
  readonly sightings: readonly LocatedSighting[];
}

function locate(planned: PlannedPath, topology: Topology): LocatedPath {
  const outside = outsideOf(planned, topology);
  return {
    ...planned,
    sightings: inPathOrder(planned).map((sighting) => ({
      ...sighting,
      capture:
        sighting.point.namespace.kind === "outside"
          ? `${outside}.eth0`
          : captureNameOf(sighting.point, topology),
    })),
  };
}

/** Requests along their way, then replies along theirs. */
function inPathOrder({ path, sightings }: PlannedPath): readonly PredictedSighting[] {
  const along = sightings.toSorted((a, b) => placeOnWay(path, a) - placeOnWay(path, b));
  return (["request", "reply"] as const).flatMap((direction) =>
    along.filter((sighting) => sighting.direction === direction),
  );
}

/** The machine outside that dials, or that is dialled. */
function outsideOf({ path: { dial, end } }: PlannedPath, topology: Topology): string {
  if (dial.from.kind === "outside") return outsideName(dial.from.address, topology);
  const to = end.kind === "delivered" ? end.to : undefined;
  const address = to?.kind === "outside" ? to.address : dial.tuple.destination.address;
  return outsideName(address, topology);
}

/** A scenario that is about nothing else is told from its own rows, whatever was dialled. */
function telling(paths: readonly LocatedPath[]): readonly LocatedPath[] {
  const answered = paths.filter(isAnswered);
  const told = answered.filter((path) => !isHidden(path));
  return told.length > 0 ? told : answered;
}

/**
 * Where nobody answers, what is missing is what tells: that takes other connections to the same, and is
 * lost with any of the files.
 */
function isAnswered({ path: { reply } }: Omit<PlannedPath, "sightings">): boolean {
  return reply?.arrives !== undefined && reply.isRecognised;
}

/**
 * A node's own process, translated before a device shows it (linux net/netfilter/nf_nat_proto.c
 * nf_nat_ipv4_local_fn): which of the things that lead there it dialled no packet says.
 */
function isHidden({ path: { dial }, sightings }: LocatedPath): boolean {
  const seen = sightings.find(({ direction }) => direction === "request");
  return (
    dial.from.kind === "node" &&
    seen !== undefined &&
    !samePredictedEndpoint(seen.tuple.destination, dial.tuple.destination)
  );
}

/** What can be told of one kind of traffic is told of one connection of it. */
function oneOfEachKind<Path extends Omit<PlannedPath, "sightings">>(
  paths: readonly Path[],
): readonly Path[] {
  const kinds = new Map<string, Path>();
  for (const path of paths) {
    const key = kindOf(path);
    if (!kinds.has(key)) kinds.set(key, path);
  }
  return [...kinds.values()];
}

function kindOf({ row, situation, isSecond }: Omit<PlannedPath, "sightings">): string {
  const { client, dialled, endpoint, policy } = situation;
  return [row?.name, isSecond, client, dialled, endpoint, policy].join(" ");
}

type Placed = Omit<PlannedCapture, "lost">;

/** Each once, in the order in which the first connection to show it comes by. */
function capturesOf(paths: readonly LocatedPath[]): readonly Placed[] {
  const sightings = paths.flatMap((path) => path.sightings);
  const names = [...new Set(sightings.map(({ capture }) => capture))];
  const ways = paths.map((path) => wayOf(path));
  return names.flatMap((name) => {
    const here = sightings.filter(({ capture }) => capture === name);
    const [one] = here;
    if (!one) return [];
    const { namespace, kind, interface: port, pod } = one.point;
    return [
      {
        name,
        role: namespace.kind === "outside" ? "client" : namespace.kind === "pod" ? "pod" : kind,
        interface: namespace.kind === "outside" ? undefined : port,
        pod: namespace.kind === "pod" ? namespace.name : pod,
        tunnels: tunnelsOf(here),
        shows: [...new Set(here.map(describeSighting))],
        between: neighbours(ways, name),
      },
    ];
  });
}

/** The requests' way, and where there is none the replies'. */
function wayOf({ sightings }: LocatedPath): readonly string[] {
  const requests = sightings.filter(({ direction }) => direction === "request");
  return [...new Set(requests.map(({ capture }) => capture))];
}

function neighbours(ways: readonly (readonly string[])[], name: string): PlannedCapture["between"] {
  const way = ways.find((one) => one.includes(name)) ?? [];
  const at = way.indexOf(name);
  return { before: at > 0 ? way[at - 1] : undefined, behind: at < 0 ? undefined : way[at + 1] };
}

function tunnelsOf(sightings: readonly PredictedSighting[]): PlannedCapture["tunnels"] {
  const tunnels = sightings.flatMap(({ outer }) => {
    if (outer === undefined || outer.destination.port === "any") return [];
    const [one, other] = [outer.source.address, outer.destination.address].sort();
    if (one === undefined || other === undefined) return [];
    return [{ port: outer.destination.port, ends: [one, other] as const }];
  });
  return [...new Map(tunnels.map((tunnel) => [JSON.stringify(tunnel), tunnel])).values()];
}

function describeSighting({ tuple, outer }: PredictedSighting): string {
  const text = formatPredictedTuple(tuple);
  return outer === undefined ? text : `VXLAN(${text})`;
}

function machinesOf(
  captures: readonly PlannedCapture[],
  topology: Topology,
  paths: readonly PlannedPath[],
): readonly PlannedMachine[] {
  const homes = captures.map((capture) => ({ capture, home: homeOf(capture, topology) }));
  const outside = homes.filter(({ home }) => home === undefined).map(({ capture }) => capture);
  const passed = paths.flatMap(({ path }) =>
    [...path.request, ...(path.reply?.hops ?? [])].flatMap(({ namespace }) =>
      namespace.kind === "node" ? namespace.name : [],
    ),
  );
  const names = new Set([...passed, ...homes.flatMap(({ home }) => home ?? [])]);
  return [
    ...outside.map((capture): PlannedMachine => ({
      kind: "outside",
      name: capture.name.replace(/\.eth0$/, ""),
      addresses: topology.clients
        .flatMap(({ addresses }) => addresses)
        .map(({ address }) => address),
      isDockerHost: false,
      captures: [capture],
      podsWithRules: [],
    })),
    ...topology.nodes
      .filter(({ name }) => names.has(name))
      .map((node): PlannedMachine => ({
        kind: "node",
        name: node.name,
        addresses: node.addresses,
        isDockerHost: isDockerHost(node),
        captures: homes.filter(({ home }) => home === node.name).map(({ capture }) => capture),
        podsWithRules: topology.pods
          .filter((pod) => pod.node === node.name && pod.sidecar !== undefined && !pod.gone)
          .map(({ name }) => name),
      })),
  ];
}

/** Longest names first: of `node` and `node.a` both begin `node.a.eth0`. */
function homeOf(
  { role, pod, name }: PlannedCapture,
  { nodes, pods }: Topology,
): string | undefined {
  if (role === "client") return undefined;
  if (role === "pod") return pods.find((known) => known.name === pod)?.node;
  const owners = nodes.filter((node) => name.startsWith(`${node.name}.`));
  return owners.toSorted((a, b) => b.name.length - a.name.length)[0]?.name;
}

function waysOf(paths: readonly LocatedPath[], scenario: Scenario): readonly PlannedWay[] {
  const ways = paths.map(({ row, sightings, path }): PlannedWay => {
    const tuples = sightings
      .filter(({ direction }) => direction === "request")
      .map(({ tuple }) => formatPredictedTuple(tuple));
    const dialled = formatPredictedTuple(path.dial.tuple);
    return { name: row?.name ?? scenario.title, tuples: [...new Set([dialled, ...tuples])] };
  });
  const distinct = new Map(ways.map((way) => [way.tuples.join(), way]));
  return [...distinct.values()];
}
