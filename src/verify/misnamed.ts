/** Captures whose names contradict what they show: files of two nodes, or of two interfaces, exchanged. */
import type { Node, Topology } from "#cluster/topology.js";
import { isLoopback, type Address } from "#net/address.js";
import { prefixContains } from "#net/prefix.js";
import type { Journey } from "#observed/correlate/journey.js";
import type { Connection } from "#observed/flow/connection.js";
import { connectionsByPoint } from "./place-check.js";
import type { Point } from "./point.js";
import { isTunnelTransport } from "./tunnel-transport.js";

export interface Checked {
  /** Those whose names nothing contradicts. */
  readonly points: ReadonlyMap<string, Point>;
  /** A sentence per node whose captures are left out. */
  readonly notes: readonly string[];
}

/**
 * Left out is every capture of such a node: which of its names are wrong cannot be told, and by a wrong
 * name a healthy connection seems to go where it must not.
 */
export function withoutMisnamed(
  points: ReadonlyMap<string, Point>,
  journeys: readonly Journey[],
  topology: Topology | undefined,
): Checked {
  if (!topology) return { points, notes: [] };
  const byPoint = connectionsByPoint(journeys);
  const wrong = new Map<string, string>();
  for (const point of points.values()) {
    const node = topology.nodes.find(({ name }) => name === point.place.node);
    const connections = byPoint.get(point.key) ?? [];
    const found = node && contradiction(point, { node, topology, connections });
    if (!found) continue;
    wrong.set(node.name, found.why);
    // Whose traffic it is has most likely got this node's name in turn.
    if (found.owner !== undefined && !wrong.has(found.owner)) wrong.set(found.owner, found.why);
  }
  const kept = [...points].filter(([, { place }]) => !wrong.has(place.node ?? ""));
  const notes = [...wrong].map(
    ([node, why]) => `captures called ${node}'s are left out: ${why}; are files exchanged?`,
  );
  return { points: new Map(kept), notes };
}

interface Shown {
  readonly node: Node;
  readonly topology: Topology;
  readonly connections: readonly Connection[];
}

interface Contradiction {
  readonly why: string;
  /** The node whose traffic it is; undefined where it is the interface that is wrong. */
  readonly owner: string | undefined;
}

function contradiction(point: Point, shown: Shown): Contradiction | undefined {
  const connections = shown.connections.filter(({ tunnels }) => tunnels.length === 0);
  const { role } = point.place;
  if (role === "veth") return vethOfAnother(point, shown);
  if (role === "bridge") return notOfBridge(point, { ...shown, connections });
  return role === "uplink" ? notOfUplink(point, { ...shown, connections }) : undefined;
}

function vethOfAnother(point: Point, { node, topology }: Shown): Contradiction | undefined {
  const pod = topology.pods.find(({ name }) => name === point.place.pod);
  if (pod === undefined || pod.node === node.name) return undefined;
  return { why: `${point.name} leads to ${pod.name}, a pod of ${pod.node}`, owner: pod.node };
}

/** A bridge carries its own pods' packets, and what nodes say to each other never. */
function notOfBridge(
  point: Point,
  { node, topology, connections }: Shown,
): Contradiction | undefined {
  const tunnel = connections.find(({ protocol, responder }) =>
    isTunnelTransport(protocol, responder.port),
  );
  if (tunnel) {
    return { why: `${point.name}, a bridge, shows VXLAN between nodes`, owner: undefined };
  }
  const neighbours = withinAnother(point, { node, topology, connections });
  if (neighbours) return neighbours;
  if (connections.some((connection) => hasEnd(connection, (end) => isOf(node, end))))
    return undefined;
  return foreign(point, { node, topology, connections });
}

/** What stays on another node's bridge: its pods' with each other, or with the node in front of them. */
function withinAnother(
  point: Point,
  { node, topology, connections }: Shown,
): Contradiction | undefined {
  for (const { originator, responder } of connections) {
    const owner = topology.nodes.find(
      (other) =>
        other !== node &&
        isPodSide(other, originator.address) &&
        isPodSide(other, responder.address),
    );
    if (!owner) continue;
    const ends = `${originator.address} and ${responder.address}`;
    const why = `${point.name} shows ${ends}, which meet on ${owner.name}'s bridge`;
    return { why, owner: owner.name };
  }
  return undefined;
}

/** What strangers say to another node does not pass here; a pod and its own bridge never leave it. */
function notOfUplink(
  point: Point,
  { node, topology, connections }: Shown,
): Contradiction | undefined {
  const inside = connections.find(
    ({ originator, responder }) =>
      isPodSide(node, originator.address) && isPodSide(node, responder.address),
  );
  if (inside) {
    const ends = `${inside.originator.address} and ${inside.responder.address}`;
    const why = `${point.name}, an uplink, shows ${ends}, which meet on the node's bridge`;
    return { why, owner: undefined };
  }
  const strangers = connections.filter((connection) =>
    hasEnd(connection, (end) => !topology.nodes.some((other) => isOf(other, end))),
  );
  if (strangers.some((connection) => hasEnd(connection, (end) => isOf(node, end))))
    return undefined;
  return foreign(point, { node, topology, connections: strangers });
}

function foreign(point: Point, { node, topology, connections }: Shown): Contradiction | undefined {
  const ends = connections.flatMap(({ originator, responder }) => [
    { end: originator.address, peer: responder.address },
    { end: responder.address, peer: originator.address },
  ]);
  for (const { end, peer } of ends) {
    const owner = topology.nodes.find((other) => other !== node && isOf(other, end));
    if (!owner) continue;
    const what = `${point.name} shows ${end}, which is ${owner.name}'s, with ${peer}`;
    return { why: `${what}, and nothing of ${node.name}'s own`, owner: owner.name };
  }
  return undefined;
}

function hasEnd(
  { originator, responder }: Connection,
  test: (address: Address) => boolean,
): boolean {
  return test(originator.address) || test(responder.address);
}

/** Loopback addresses, which a bridge shows half translated, are every node's. */
function isOf(node: Node, address: Address): boolean {
  return isLoopback(address) || node.addresses.includes(address) || isPodSide(node, address);
}

/** An address of its pods, or one of the node's own in front of them. */
function isPodSide({ podCIDR, interfaces, docker }: Node, address: Address): boolean {
  const subnets = [podCIDR, ...(docker?.networks ?? []).map(({ subnet }) => subnet)];
  return (
    subnets.some((subnet) => subnet !== undefined && prefixContains(subnet, address)) ||
    interfaces.some(
      ({ kind, addresses }) =>
        kind === "bridge" && addresses.some((prefix) => prefix.address === address),
    )
  );
}
