/** A row's symbols as the addresses and interfaces of one path, to be compared with the model's. */
import type { Network } from "#expected/network/network.js";
import type { Party, Path } from "#expected/network/path.js";
import {
  formatPredictedTuple,
  type PredictedEndpoint,
  type PredictedTuple,
} from "#expected/netfilter/predicted-tuple.js";
import {
  endsOf,
  readEnd,
  type End,
  type PathPoint,
  type PathPointName,
  type PathRow,
  type RowEnd,
  type RowTuple,
} from "#expected/scenarios/path-row.js";
import { backendOf, type Situation } from "#expected/scenarios/situation.js";
import { homeOf, namespaceOf, podNamed } from "#expected/scenarios/whereabouts.js";
import type { PredictedSighting, TapPoint } from "#expected/taps/predicted-sighting.js";

/** Who is who on one path. */
interface Cast {
  readonly network: Network;
  readonly path: Path;
  /** The node that handles the packet first, the client's, the endpoint's. */
  readonly node: string | undefined;
  readonly clientNode: string | undefined;
  readonly endpointNode: string | undefined;
  readonly clientPod: string | undefined;
  readonly endpointPod: string | undefined;
}

export function castOf(network: Network, path: Path, situation: Situation): Cast {
  const { topology } = network;
  const { dial, end } = path;
  const to = end.kind === "delivered" ? end.to : stoppedIn(path);
  const podOf = (party: typeof to): string | undefined =>
    party?.kind === "pod" ? namespaceOf(topology, party.name) : undefined;
  return {
    network,
    path,
    node: situation.node,
    clientNode: homeOf(topology, dial.from),
    endpointNode: to && homeOf(topology, to),
    clientPod: podOf(dial.from),
    endpointPod: podOf(to),
  };
}

/** The namespace that a packet reached and was refused by. */
function stoppedIn({ request }: Path): Party | undefined {
  const last = request.at(-1)?.namespace;
  return request.length > 1 && last?.kind === "pod" ? { kind: "pod", name: last.name } : undefined;
}

/** Each as `seen where direction tuple`. */
export function declared(row: PathRow, cast: Cast): ReadonlySet<string> {
  const isRouted = backendOf(cast.network) === "routed";
  const points = row.points.filter(
    ({ at, seen }) => seen !== "never" && !(isRouted && at.endsWith("overlay")),
  );
  return new Set(
    points.flatMap((point) => {
      const where = whereOf(cast, point.at);
      const mark = point.form === "vxlan" && !isRouted ? "VXLAN " : "";
      return directionsOf(point).map(
        ([direction, tuple]) =>
          `${point.seen} ${where} ${direction} ${mark}${tupleText(cast, tuple, point.form)}`,
      );
    }),
  );
}

function directionsOf({ request, reply }: PathPoint): readonly (readonly [string, RowTuple])[] {
  return [
    ...(request === undefined ? [] : [["request", request] as const]),
    ...(reply === undefined ? [] : [["reply", reply] as const]),
  ];
}

/** Where the row says that nothing is seen. */
export function declaredSilent(row: PathRow, cast: Cast): readonly string[] {
  return row.points.filter(({ seen }) => seen === "never").map(({ at }) => whereOf(cast, at));
}

/** What must be seen with one TTL may be seen with another besides: that is said once. */
export function predicted(sightings: readonly PredictedSighting[]): ReadonlySet<string> {
  const strongest = new Map<string, PredictedSighting["seen"]>();
  for (const { point, direction, tuple, outer, seen } of sightings) {
    const mark = outer === undefined ? "" : "VXLAN ";
    const text = `${tapText(point)} ${direction} ${mark}${formatPredictedTuple(tuple)}`;
    if (strongest.get(text) !== "must") strongest.set(text, seen);
  }
  return new Set([...strongest].map(([text, seen]) => `${seen} ${text}`));
}

export function tapText({ namespace, kind, interface: name, pod }: TapPoint): string {
  if (namespace.kind === "outside") return "outside";
  const what = kind === "bridge" ? name : kind === "veth" ? `veth-${pod}` : kind;
  return `${namespace.name}/${what}`;
}

export function whereOf(cast: Cast, at: PathPointName): string {
  const { node, clientNode, endpointNode, clientPod, endpointPod } = cast;
  switch (at) {
    case "client":
    case "server":
      return "outside";
    case "client-pod":
      return `${clientPod}/uplink`;
    case "pod":
      return `${endpointPod}/uplink`;
    case "pod-loopback":
      return `${endpointPod}/loopback`;
    case "client-veth":
      return `${clientNode}/veth-${clientPod}`;
    case "veth":
      return `${endpointNode}/veth-${endpointPod}`;
    case "client-bridge":
      return `${clientNode}/${bridgeOf(cast, clientPod)}`;
    case "endpoint-bridge":
      return `${endpointNode}/${bridgeOf(cast, endpointPod)}`;
    case "bridge":
      return `${node}/${nearBridge(cast)}`;
    case "client-overlay":
    case "client-uplink":
      return `${clientNode}/${at.slice("client-".length)}`;
    case "endpoint-overlay":
    case "endpoint-uplink":
    case "endpoint-loopback":
      return `${endpointNode}/${at.slice("endpoint-".length)}`;
    case "uplink":
    case "overlay":
    case "loopback":
      return `${node}/${at}`;
  }
}

/** Of the endpoint where it is on the node, else of the client. */
function nearBridge(cast: Cast): string | undefined {
  const { node, endpointNode, endpointPod, clientPod } = cast;
  const isEndpoint = endpointPod !== undefined && endpointNode === node;
  return bridgeOf(cast, isEndpoint ? endpointPod : clientPod);
}

function bridgeOf({ network: { topology } }: Cast, name: string | undefined): string | undefined {
  const pod = name === undefined ? undefined : podNamed(topology, name);
  if (pod === undefined) return undefined;
  const home = topology.nodes.find((node) => node.name === pod.node);
  if (pod.network === undefined) {
    return home?.interfaces.find(({ kind }) => kind === "bridge")?.name ?? "cni0";
  }
  return home?.docker?.networks.find((network) => network.name === pod.network)?.bridge;
}

function tupleText(cast: Cast, tuple: RowTuple, form: PathPoint["form"]): string {
  const { source, destination } = endsOf(tuple);
  const concrete: PredictedTuple = {
    protocol: form === "icmp" ? icmpOf(cast) : cast.path.dial.tuple.protocol,
    source: endpointOf(cast, source),
    destination: endpointOf(cast, destination),
  };
  return formatPredictedTuple(concrete);
}

function icmpOf({ network }: Cast): string {
  return network.family === "ipv6" ? "icmp6" : "icmp";
}

export function endpointOf(cast: Cast, { place, port }: End): PredictedEndpoint {
  const { tuple } = cast.path.dial;
  const placed = placedOf(cast, place);
  const { address } = placed;
  if (port === "random") return { address, port: "any" };
  const own = place === "dialled" || place === "endpoint" ? placed.port : tuple.source.port;
  return { address, port: own };
}

function placedOf(cast: Cast, place: End["place"]): PredictedEndpoint {
  const { network, path, node, clientNode } = cast;
  const { tuple } = path.dial;
  const at = (name: string | undefined, device: string | undefined): PredictedEndpoint => ({
    address: addressAt(network, name, device),
    port: "any",
  });
  switch (place) {
    case "client":
      return tuple.source;
    case "dialled":
      return tuple.destination;
    case "endpoint":
      return arrivedAt(path);
    case "bridge":
      return at(node, nearBridge(cast));
    case "transit":
      return at(node, backendOf(network) === "routed" ? "eth0" : "flannel.1");
    case "node":
      return at(node, "eth0");
    case "client-node":
      return at(clientNode, "eth0");
  }
}

/** As it enters the last namespace, before a sidecar of the pod's own redirects it. */
function arrivedAt({ request, end, dial }: Path): PredictedEndpoint {
  const last = request.at(-1);
  const isEntered = last?.namespace.kind === "pod" && request.length > 1;
  if (isEntered) return last.trace.first.destination;
  if (end.kind === "delivered") return end.tuple.destination;
  // Stopped on its way: where it was going.
  return (last?.trace.final ?? dial.tuple).destination;
}

function addressAt(
  { nodes }: Network,
  name: string | undefined,
  device: string | undefined,
): string {
  const state = name === undefined ? undefined : nodes.get(name);
  const found = state?.interfaces.find((port) => port.name === device)?.addresses[0]?.address;
  return found ?? `no address of ${device} on ${name}`;
}

export function sourceText(cast: Cast, source: RowEnd | undefined): string | undefined {
  if (source === undefined) return undefined;
  const { address, port } = endpointOf(cast, readEnd(source));
  return `${address}:${port}`;
}
