/**
 * What the captures tell about addresses that nobody gave us. Every answer is an assumption with
 * its reason, so that a reader can see what a verdict rests on.
 */
import type { AskedClients } from "./asked-clients.js";
import type { GivenFacts, Target } from "#cluster/facts.js";
import type { Address } from "#net/address.js";
import type { Endpoint } from "#net/five-tuple.js";
import type { Journey } from "#observed/correlate/journey.js";
import type { Connection } from "#observed/flow/connection.js";
import { localAddress } from "./local-address.js";
import { isDirectionUnknown } from "./orient.js";
import { pointKey, type Point } from "./point.js";
import { isTunnelTransport } from "./tunnel-transport.js";

export interface Inferred {
  readonly target: Target;
  /** Addresses the node was dialled by; empty when flags or a topology told us. */
  readonly node: readonly Address[];
  readonly assumptions: readonly string[];
}

interface Observed {
  readonly journeys: readonly Journey[];
  readonly points: ReadonlyMap<string, Point>;
  readonly asked: AskedClients;
}

/** Fills what a target lacks. Fields that the captures do not tell stay undefined. */
export function inferTarget(given: GivenFacts, target: Target, observed: Observed): Inferred {
  if (target.hostNetwork) return inferHostNetwork(target, observed);
  // One pod may have replaced the other: to pick one would judge the other's connections by it.
  if (target.address === undefined && rivalPods(observed).length > 0) {
    return { target, node: [], assumptions: [] };
  }
  const address = target.address ?? inferPodAddress(observed);
  const assumptions: string[] = [];
  if (target.address === undefined && address !== undefined) {
    assumptions.push(`${address} is the pod: ${whyPod(observed, address)}`);
  }
  const dialled = dialledEnd({ ...target, address }, observed);
  const knowsNode = given.node !== undefined || given.topology !== undefined;
  if (dialled && target.hostPort === undefined) {
    assumptions.push(`${dialled.port} is the hostPort: ${dialled.why}`);
  }
  if (dialled && !knowsNode) {
    assumptions.push(`${dialled.address} is an address of the node: ${dialled.why}`);
  }
  return {
    target: {
      ...target,
      address,
      hostPort: target.hostPort ?? dialled?.port,
    },
    node: dialled && !knowsNode ? [dialled.address] : [],
    assumptions,
  };
}

/** Captures of the pod's own traffic; one whose name tells nothing is taken for one. */
function podPoints({ points }: Observed): readonly Point[] {
  for (const role of ["pod", "veth", "unknown"] as const) {
    const found = [...points.values()].filter(
      ({ place, notPod }) => place.role === role && notPod === undefined,
    );
    if (found.length > 0) return found;
  }
  return [];
}

function inferPodAddress(observed: Observed): Address | undefined {
  const locals = podPoints(observed)
    .flatMap((point) => servedAt(connectionsAt(observed, point)))
    .sort((a, b) => b.dials - a.dials || (a.address < b.address ? -1 : 1));
  if (locals[0]) return locals[0].address;
  const [translated] = translations(observed);
  return translated?.delivered.responder.address ?? onlyServerAtBridge(observed);
}

function dialledPods(locals: readonly { address: Address; dials: number }[]): Address[] {
  return [...new Set(locals.filter(({ dials }) => dials > 0).map(({ address }) => address))];
}

/** Pods that are both dialled, so that none is taken for the target; empty when it is clear. */
export function rivalPods(observed: Pick<Observed, "journeys" | "points">): readonly Address[] {
  const all = { ...observed, asked: new Set<never>() };
  const pods = dialledPods(podPoints(all).flatMap((point) => servedAt(connectionsAt(all, point))));
  return pods.length > 1 ? pods.sort() : [];
}

/** The local address of a point, and how often it is dialled: of two pods that one serves. */
function servedAt(connections: readonly Connection[]): { address: Address; dials: number }[] {
  const address = localAddress(connections);
  if (address === undefined) return [];
  const dials = connections.filter(({ responder }) => responder.address === address).length;
  return [{ address, dials }];
}

/** A bridge carries every pod of the node; one address that all connections go to is the pod. */
function onlyServerAtBridge(observed: Observed): Address | undefined {
  const bridges = [...observed.points.values()].filter(({ place }) => place.role === "bridge");
  const servers = bridges.flatMap((point) =>
    connectionsAt(observed, point).map(({ responder }) => responder.address),
  );
  return new Set(servers).size === 1 ? servers[0] : undefined;
}

function whyPod(observed: Observed, address: Address): string {
  const inPod = podPoints(observed).find(
    (point) => localAddress(connectionsAt(observed, point)) === address,
  );
  if (!inPod) {
    return translations(observed).next().done === true
      ? "every connection on the bridge goes to it"
      : "connections to the node's port go on to it";
  }
  const file = inPod.files[0] ?? inPod.name;
  if (inPod.place.role === "pod") return `it is the address at ${inPod.name}`;
  return `${file} is taken for a capture from inside the pod, and this is the address it is about`;
}

function connectionsAt({ journeys }: Observed, point: Point): readonly Connection[] {
  return journeys.flatMap(({ connections }) =>
    connections.filter((connection) => pointKey(connection.point) === point.key),
  );
}

/** Journeys whose destination changed on the way: the first is what was dialled, the last the pod. */
function* translations({ journeys, points }: Observed): Generator<{
  dialled: Connection;
  delivered: Connection;
}> {
  for (const journey of journeys) {
    if (isDirectionUnknown(journey)) continue;
    const { connections } = journey;
    const usable = connections.filter(
      ({ tunnels, point }) =>
        tunnels.length === 0 && points.get(pointKey(point))?.place.role !== "loopback",
    );
    const [dialled] = usable;
    const delivered = usable.findLast(
      ({ responder }) => responder.address !== dialled?.responder.address,
    );
    if (dialled && delivered) yield { dialled, delivered };
  }
}

interface Dialled {
  readonly address: Address;
  readonly port: number;
  readonly why: string;
}

/** What clients dialled: seen translated to the pod, or the only port that the uplink shows. */
function dialledEnd(target: Target, observed: Observed): Dialled | undefined {
  for (const { dialled, delivered } of translations(observed)) {
    const isTarget =
      delivered.responder.address === target.address &&
      (target.port === undefined || delivered.responder.port === target.port);
    const { address, port } = dialled.responder;
    if (isTarget && address !== target.address) {
      return { address, port, why: "connections to it go on to the pod" };
    }
  }
  const isHairpin = observed.asked.size === 1 && observed.asked.has("hairpin");
  return isHairpin ? onlyDialledByPod(target, observed) : onlyPortAtUplink(target, observed);
}

/** A pod whose own hostPort never answers dials one thing in vain. */
function onlyDialledByPod({ address: pod }: Target, observed: Observed): Dialled | undefined {
  const ends = new Map<string, Dialled>();
  for (const point of podPoints(observed)) {
    for (const { originator, responder, protocol, packets } of connectionsAt(observed, point)) {
      if (originator.address !== pod || responder.address === pod || !isTransport(protocol))
        continue;
      // Somebody else answers: no hostPort of its own.
      if (packets[1] > 0) return undefined;
      ends.set(endOf(responder), {
        ...responder,
        why: `the pod dials nothing else at ${point.name}`,
      });
    }
  }
  const [only] = ends.values();
  return ends.size === 1 ? only : undefined;
}

function onlyPortAtUplink({ address: pod }: Target, observed: Observed): Dialled | undefined {
  const ends = new Map<string, Dialled>();
  const inside = dialledInside(observed);
  for (const point of observed.points.values()) {
    if (point.place.role !== "uplink" && point.place.role !== "client") continue;
    const incoming = connectionsAt(observed, point).filter(
      ({ responder }) => !inside.has(endOf(responder)),
    );
    for (const { responder, tunnels, protocol } of incoming) {
      if (tunnels.length > 0 || responder.address === pod || !isTransport(protocol)) continue;
      if (isTunnelTransport(protocol, responder.port)) continue;
      ends.set(endOf(responder), {
        ...responder,
        why: `every connection at ${point.name} goes to it`,
      });
    }
  }
  const [only] = ends.values();
  return ends.size === 1 ? only : undefined;
}

/** What is dialled at a pod, its veth or a bridge: as likely a server outside as a port of the node. */
function dialledInside({ journeys, points }: Observed): ReadonlySet<string> {
  const ends = journeys.flatMap(({ connections }) =>
    connections.flatMap(({ point, responder }) => {
      const role = points.get(pointKey(point))?.place.role;
      const isInside = role === "pod" || role === "veth" || role === "bridge";
      return isInside ? [endOf(responder)] : [];
    }),
  );
  return new Set(ends);
}

const endOf = ({ address, port }: Endpoint): string => `${address} ${port}`;

const isTransport = (protocol: string): boolean => ["tcp", "udp", "sctp"].includes(protocol);

function inferHostNetwork(target: Target, observed: Observed): Inferred {
  if (target.address !== undefined) return { target, node: [], assumptions: [] };
  const uplinks = [...observed.points.values()].filter(({ place }) => place.role === "uplink");
  for (const point of uplinks) {
    const address = localAddress(connectionsAt(observed, point));
    if (address === undefined) continue;
    const why = `it is the address at ${point.name}`;
    return {
      target: { ...target, address, node: target.node ?? point.place.node },
      node: [address],
      assumptions: [`${address} is an address of the node: ${why}`],
    };
  }
  return { target, node: [], assumptions: [] };
}
