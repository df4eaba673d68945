/** Who is who on one path: a row's words as the addresses and capture points of a dial. */
import type { Network } from "#expected/network/network.js";
import type { Party, Path } from "#expected/network/path.js";
import type { PredictedEndpoint, PredictedTuple } from "#expected/netfilter/predicted-tuple.js";
import type { TapPoint } from "#expected/taps/predicted-sighting.js";
import { endsOf, type End, type PathPoint, type PathPointName, type RowTuple } from "./path-row.js";
import { backendOf, type Situation } from "./situation.js";
import { homeOf, namespaceOf, podNamed } from "./whereabouts.js";

export interface Cast {
  readonly network: Network;
  readonly path: Path;
  /** The node that handles the packet first, the client's, the endpoint's. */
  readonly node: string | undefined;
  readonly clientNode: string | undefined;
  readonly endpointNode: string | undefined;
  readonly clientPod: string | undefined;
  readonly endpointPod: string | undefined;
}

export function castOf(network: Network, path: Path, situation: Pick<Situation, "node">): Cast {
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

/** Undefined where this path has no such place: the veth of a client that is no pod. */
export function pointAt(cast: Cast, at: PathPointName): TapPoint | undefined {
  const { node, clientNode, endpointNode, clientPod, endpointPod } = cast;
  switch (at) {
    case "client":
    case "server":
      return OUTSIDE;
    case "client-pod":
      return inPod(clientPod, "uplink");
    case "pod":
      return inPod(endpointPod, "uplink");
    case "pod-loopback":
      return inPod(endpointPod, "loopback");
    case "client-veth":
      return vethOf(clientNode, clientPod);
    case "veth":
      return vethOf(endpointNode, endpointPod);
    case "client-bridge":
      return onNode(clientNode, "bridge", bridgeOf(cast, clientPod));
    case "endpoint-bridge":
      return onNode(endpointNode, "bridge", bridgeOf(cast, endpointPod));
    case "bridge":
      return onNode(node, "bridge", nearBridge(cast));
    case "client-overlay":
      return onNode(clientNode, "overlay", OVERLAY);
    case "client-uplink":
      return onNode(clientNode, "uplink", UPLINK);
    case "endpoint-overlay":
      return onNode(endpointNode, "overlay", OVERLAY);
    case "endpoint-uplink":
      return onNode(endpointNode, "uplink", UPLINK);
    case "endpoint-loopback":
      return onNode(endpointNode, "loopback", LOOPBACK);
    case "uplink":
      return onNode(node, "uplink", UPLINK);
    case "overlay":
      return onNode(node, "overlay", OVERLAY);
    case "loopback":
      return onNode(node, "loopback", LOOPBACK);
  }
}

const UPLINK = "eth0";
const OVERLAY = "flannel.1";
const LOOPBACK = "lo";

const OUTSIDE: TapPoint = {
  namespace: { kind: "outside" },
  interface: undefined,
  kind: "uplink",
  pod: undefined,
};

function inPod(name: string | undefined, kind: "uplink" | "loopback"): TapPoint | undefined {
  if (name === undefined) return undefined;
  const device = kind === "uplink" ? UPLINK : LOOPBACK;
  return { namespace: { kind: "pod", name }, interface: device, kind, pod: undefined };
}

function vethOf(name: string | undefined, pod: string | undefined): TapPoint | undefined {
  if (name === undefined || pod === undefined) return undefined;
  return { namespace: { kind: "node", name }, interface: undefined, kind: "veth", pod };
}

function onNode(
  name: string | undefined,
  kind: TapPoint["kind"],
  device: string | undefined,
): TapPoint | undefined {
  if (name === undefined || device === undefined) return undefined;
  return { namespace: { kind: "node", name }, interface: device, kind, pod: undefined };
}

/** `node1/uplink`, `node1/cni0`, `node1/veth-web`, `web/uplink`: the same text, the same capture. */
export function pointText({ namespace, kind, interface: name, pod }: TapPoint): string {
  if (namespace.kind === "outside") return "outside";
  const what = kind === "bridge" ? name : kind === "veth" ? `veth-${pod}` : kind;
  return `${namespace.name}/${what}`;
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

/** Undefined where one of its addresses is none of this path, as a bridge's of a client outside. */
export function tupleOf(
  cast: Cast,
  tuple: RowTuple,
  form: PathPoint["form"],
): PredictedTuple | undefined {
  const ends = endsOf(tuple);
  const source = endpointOf(cast, ends.source);
  const destination = endpointOf(cast, ends.destination);
  if (!source || !destination) return undefined;
  const protocol = form === "icmp" ? icmpOf(cast) : cast.path.dial.tuple.protocol;
  return { protocol, source, destination };
}

function icmpOf({ network }: Cast): string {
  return network.family === "ipv6" ? "icmp6" : "icmp";
}

export function endpointOf(cast: Cast, { place, port }: End): PredictedEndpoint | undefined {
  const { tuple } = cast.path.dial;
  const placed = placedOf(cast, place);
  if (placed === undefined) return undefined;
  const { address } = placed;
  if (port === "random") return { address, port: "any" };
  const own = place === "dialled" || place === "endpoint" ? placed.port : tuple.source.port;
  return { address, port: own };
}

function placedOf(cast: Cast, place: End["place"]): PredictedEndpoint | undefined {
  const { network, path, node, clientNode } = cast;
  const { tuple } = path.dial;
  const at = (name: string | undefined, device: string | undefined) =>
    addressAt(network, name, device);
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
      return at(node, backendOf(network) === "routed" ? UPLINK : OVERLAY);
    case "node":
      return at(node, UPLINK);
    case "client-node":
      return at(clientNode, UPLINK);
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
): PredictedEndpoint | undefined {
  const state = name === undefined ? undefined : nodes.get(name);
  const found = state?.interfaces.find((port) => port.name === device)?.addresses[0]?.address;
  return found === undefined ? undefined : { address: found, port: "any" };
}
