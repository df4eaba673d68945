/** What a recorded case shows, beside what the model predicts of everything that was dialled in it. */
import { networkOf, type Network } from "#expected/network/network.js";
import { followPaths } from "#expected/network/follow.js";
import type { Dial, Path } from "#expected/network/path.js";
import type { NodeState } from "#expected/netfilter/node-state.js";
import { formatPredictedTuple, isPredicted } from "#expected/netfilter/predicted-tuple.js";
import type { PredictedSighting } from "#expected/taps/predicted-sighting.js";
import { predictedSightings } from "#expected/taps/predicted-sightings.js";
import { formatTuple, type FiveTuple } from "#net/five-tuple.js";
import type { Connection } from "#observed/flow/connection.js";
import { tuple } from "./netfilter.js";
import { dialInNetwork, labDials, type LabDial } from "./lab-dials.js";
import { capturesOf, topologyOf, track } from "./verify-recorded.js";

/** Of connections whose captures begin in the middle, with a packet of the server's. */
const BEFORE_THE_CAPTURES: Readonly<Record<string, readonly Dial[]>> = {
  "pod-egress-mid-connection": [
    {
      from: { kind: "pod", name: "p1a" },
      tuple: tuple("tcp 10.233.1.2:45000 > 198.51.100.79:443"),
    },
  ],
};

/** One direction of a connection at a capture point. */
export interface Seen {
  /** The capture's name, `node1.cni0`. */
  readonly place: string;
  readonly tuple: FiveTuple;
  /** Undefined for ICMP errors, whose own nobody notes. */
  readonly ttl: { readonly min: number; readonly max: number } | undefined;
}

export interface Comparison {
  readonly seen: number;
  readonly predicted: number;
  /** Seen, and nothing predicted it there. */
  readonly strange: readonly string[];
  /** Seen with another TTL than predicted. */
  readonly wrongTtl: readonly string[];
  /** Predicted of every way the connection can go, to be seen at a place that was captured, and not seen. */
  readonly absent: readonly string[];
}

export async function compareRecorded(
  recorded: string,
  states: ReadonlyMap<string, NodeState>,
): Promise<Comparison> {
  const topology = topologyOf(recorded);
  const network = networkOf(topology, { family: "ipv4", states });
  const { connections } = await track(capturesOf(recorded));
  const seen = [...connections].flatMap(directionsOf);
  const scripted = labDials(recorded, topology).map((dial) => dialInNetwork(network, dial));
  const observed = observedDials(network, [...connections]);
  const dials = unique([...scripted, ...observed, ...(BEFORE_THE_CAPTURES[recorded] ?? [])]);
  const foretold = inTurn(network, dials);
  const all = foretold.flat();
  const unexplained = seen.filter((one) => !all.some((sighting) => explains(sighting, one)));
  return {
    seen: seen.length,
    predicted: seen.length - unexplained.length,
    strange: unexplained.map(describe),
    wrongTtl: seen.filter((one) => !unexplained.includes(one) && !hasTtl(all, one)).map(describe),
    absent: [...new Set(absentOf(foretold, { seen, places: placesOf(recorded) }))],
  };
}

function directionsOf(connection: Connection): readonly Seen[] {
  const { point, protocol, originator, responder, packets, directions } = connection;
  const ends = [
    { source: originator, destination: responder },
    { source: responder, destination: originator },
  ] as const;
  const own = ends.flatMap((tuple, at): Seen[] => {
    const ttl = directions[at === 0 ? 0 : 1].ttl;
    if (packets[at === 0 ? 0 : 1] === 0 || ttl === undefined) return [];
    return [{ place: point.name, tuple: { protocol, ...tuple }, ttl }];
  });
  return [...own, ...errorsOf(connection)];
}

/** ICMP errors that quote the connection: type and code where others have ports. */
function errorsOf({ point, originator, icmpErrors }: Connection): readonly Seen[] {
  return icmpErrors.map(({ from, type, code }) => ({
    place: point.name,
    tuple: {
      protocol: "icmp",
      source: { address: from, port: type },
      destination: { address: originator.address, port: code },
    },
    ttl: undefined,
  }));
}

/** What whoever is captured sends: a pod, and machines outside, at their own and at the uplink. */
function observedDials(network: Network, connections: readonly Connection[]): readonly Dial[] {
  return connections.flatMap((connection): Dial[] => {
    const { point, protocol, originator, responder, history, tunnels } = connection;
    if (tunnels.length > 0 || !/^S|^D/.test(history) || responder.port === 8472) return [];
    const tuple = { protocol, source: originator, destination: responder };
    const [where = "", port = ""] = point.name.split(/\.(.*)/);
    if (where === "client")
      return [{ from: { kind: "outside", address: originator.address }, tuple }];
    const pod = network.topology.pods.find(({ name }) => `pod-${name}` === where);
    if (pod?.address === originator.address)
      return [{ from: { kind: "pod", name: pod.name }, tuple }];
    const isOutside =
      network.nodes.has(where) && port === "eth0" && !isOfCluster(network, originator.address);
    if (!isOutside) return [];
    return [{ from: { kind: "outside", address: originator.address }, tuple, via: where }];
  });
}

function isOfCluster({ nodes, pods }: Network, address: string): boolean {
  return [...nodes.values(), ...pods.values()].some(({ interfaces }) =>
    interfaces.some(({ addresses }) => addresses.some((own) => own.address === address)),
  );
}

function unique(dials: readonly Dial[]): readonly Dial[] {
  return [
    ...new Map(dials.map((dial) => [JSON.stringify([dial.from, dial.tuple]), dial])).values(),
  ];
}

/** A connection finds the ports taken that earlier ones hold. */
function inTurn(first: Network, dials: readonly Dial[]): readonly (readonly Foretold[])[] {
  let network = first;
  return dials.map((dial) => {
    const foretold = foretell(network, dial);
    network = withEntriesOf(network, foretold);
    return foretold;
  });
}

function withEntriesOf(network: Network, foretold: readonly Foretold[]): Network {
  const hops = [...new Set(foretold.map(({ path }) => path))].flatMap((path) =>
    path.probability === 1 ? path.request : [],
  );
  const nodes = [...network.nodes].map(([name, state]): [string, NodeState] => {
    const left = hops.flatMap(({ namespace, trace }) =>
      namespace.kind === "node" && namespace.name === name ? (trace.entry ?? []) : [],
    );
    return [name, { ...state, entries: [...state.entries, ...left] }];
  });
  return { ...network, nodes: new Map(nodes) };
}

interface Foretold {
  readonly path: Path;
  readonly sighting: PredictedSighting;
}

/** Of every path, and of those that proxies at their ends dial. */
function foretell(network: Network, dial: Dial): readonly Foretold[] {
  return followPaths(network, dial).flatMap((path) => {
    const proxy = path.end.kind === "delivered" ? path.end.proxy : undefined;
    return [
      ...predictedSightings(network, path).map((sighting) => ({ path, sighting })),
      ...(proxy?.dials ?? []).flatMap((second) => foretell(network, second)),
    ];
  });
}

/** The capture that the lab calls so. */
function placeOf({ point, tuple }: PredictedSighting): string {
  const { namespace, interface: name, kind, pod } = point;
  if (namespace.kind === "outside") return isClients(tuple) ? "client.eth0" : "another machine";
  if (namespace.kind === "pod") return `pod-${namespace.name}.${name}`;
  return `${namespace.name}.${kind === "veth" ? `veth-${pod}` : name}`;
}

/** Addresses of the lab's client; its router is 198.51.100.1. */
function isClients({ source, destination }: PredictedSighting["tuple"]): boolean {
  return [source, destination].some(({ address }) => /^198\.51\.100\.(79|80)$/.test(address));
}

/** Captures of more than one interface, or under a name of their own, and where they were taken. */
const ELSEWHERE: readonly (readonly [RegExp, RegExp])[] = [
  [/^(\w+)\.(any|any-sll|multi)$/, /^(\w+)\./],
  [/^(svc_host_port|download)$/, /^(pod-p1a)\.eth0$/],
];

function isAt(place: string, sighting: PredictedSighting): boolean {
  const at = placeOf(sighting);
  if (at === place) return true;
  return ELSEWHERE.some(([capture, taken]) => {
    const [, node] = capture.exec(place) ?? [];
    const [, where] = taken.exec(at) ?? [];
    return node !== undefined && (node === where || where === "pod-p1a");
  });
}

function explains({ sighting }: Foretold, { place, tuple }: Seen): boolean {
  const { outer } = sighting;
  const isCarried = outer !== undefined && isPredicted(outer, tuple);
  return (isCarried || isPredicted(sighting.tuple, tuple)) && isAt(place, sighting);
}

/** All the lab's machines send with 64; one router stands between the client and the nodes. */
function hasTtl(all: readonly Foretold[], seen: Seen): boolean {
  if (seen.ttl === undefined) return true;
  const expected = new Set(
    all
      .filter((one) => explains(one, seen))
      .map((one) => (isPredicted(one.sighting.tuple, seen.tuple) ? 64 - hops(one) : 64)),
  );
  return expected.has(seen.ttl.min) && expected.has(seen.ttl.max);
}

function hops({ path, sighting: { point, direction, ttlLowered } }: Foretold): number {
  const { dial, end } = path;
  const server = end.kind === "delivered" ? end.to : undefined;
  const sender = direction === "request" ? dial.from : server;
  const isOutside = point.namespace.kind === "outside";
  if (sender?.kind !== "outside") return ttlLowered + (isOutside ? 1 : 0);
  const isBehindRouter = sender.address.startsWith("198.51.100.");
  return ttlLowered + (isBehindRouter && !isOutside ? 1 : 0);
}

function absentOf(
  foretold: readonly (readonly Foretold[])[],
  { seen, places }: { readonly seen: readonly Seen[]; readonly places: ReadonlySet<string> },
): readonly string[] {
  const certain = foretold
    .flat()
    .filter(({ path, sighting }) => path.probability === 1 && sighting.seen === "must");
  return certain
    .filter(({ sighting }) => places.has(placeOf(sighting)))
    .filter(
      (one) => !seen.some(({ place, tuple }) => explains(one, { place, tuple, ttl: undefined })),
    )
    .map(({ sighting }) => `${placeOf(sighting)} ${formatPredictedTuple(sighting.tuple)}`);
}

function placesOf(recorded: string): ReadonlySet<string> {
  return new Set(capturesOf(recorded).map(({ point }) => point));
}

function describe({ place, tuple, ttl }: Seen): string {
  const text = `${place} ${tuple.protocol} ${formatTuple(tuple)}`;
  if (ttl === undefined) return text;
  return `${text} ttl ${ttl.min === ttl.max ? ttl.min : `${ttl.min}-${ttl.max}`}`;
}

/** Where the model has the dial of a script end: what the server sees, or who refuses or says nothing. */
export function outcomesOf(network: Network, dial: LabDial): readonly string[] {
  return outcomes(network, dialInNetwork(network, dial));
}

function outcomes(network: Network, dial: Dial): readonly string[] {
  return followPaths(network, dial).flatMap(({ end, reply }) => {
    if (end.kind !== "delivered") return [end.kind];
    if (end.proxy) return end.proxy.dials.flatMap((second) => outcomes(network, second));
    return [reply?.isRecognised ? end.tuple.source.address : "answer not known"];
  });
}
