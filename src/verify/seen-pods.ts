/**
 * What captures add to a topology that was made from nodes' own state: no rule names a pod, and no rule
 * leads to most of them. Whoever sends with an address out of a node's pods' block is a pod of it, and a
 * capture in a pod or at its veth tells the pod's name beside its address.
 */
import { isNamelessPod } from "#cluster/nameless-pod.js";
import {
  plainPod,
  type ExternalClient,
  type Interface,
  type Pod,
  type Topology,
} from "#cluster/topology.js";
import type { Address } from "#net/address.js";
import { prefixContains } from "#net/prefix.js";
import type { Connection } from "#observed/flow/connection.js";
import { pointKey, pointsOf, type Point, type ReadCapture } from "./point.js";

export interface SeenInCaptures {
  readonly captures: readonly ReadCapture[];
  readonly connections: readonly Connection[];
}

/** A topology that somebody told stays as it is. */
export function withSeenPods(
  topology: Topology,
  { captures, connections }: SeenInCaptures,
): Topology {
  if (topology.derived === undefined) return topology;
  const pods = [...topology.pods, ...unlistedPods(topology, connections)];
  const about = pointsAbout(pointsOf(captures, connections, topology), {
    connections,
    pods,
  });
  const names = namesOf(pods, about);
  const nameOf = ({ name, address }: Pod): string =>
    name === address ? (names.get(address) ?? name) : name;
  const byAddress = new Map(pods.map((pod) => [pod.address, nameOf(pod)]));
  const veths = new Map(
    about.flatMap(({ veth, address }): [string, string][] => {
      const name = byAddress.get(address);
      return veth !== undefined && name !== undefined ? [[veth, name]] : [];
    }),
  );
  return {
    ...topology,
    clients: seenClients({ captures, connections }, topology),
    pods: pods.map((pod) => ({ ...pod, name: nameOf(pod) })),
    services: topology.services.map((service) => ({
      ...service,
      endpoints: service.endpoints.map((one) => ({ ...one, pod: byAddress.get(one.address) })),
    })),
    nodes: topology.nodes.map((node) => ({
      ...node,
      addresses: node.addresses.length > 0 ? node.addresses : tunnelEnds(node, connections),
      interfaces: node.interfaces.map((port): Interface => {
        const pod = veths.get(`${node.name} ${port.name}`) ?? byAddress.get(port.pod ?? "");
        return pod === undefined ? port : { ...port, pod };
      }),
    })),
  };
}

/** A veth whose pod nothing tells may be anybody's: what it shows proves nothing about one pod. */
export function withoutNamelessVeths(
  points: ReadonlyMap<string, Point>,
): ReadonlyMap<string, Point> {
  return new Map(
    [...points].map(([key, point]) => {
      if (point.place.pod === undefined || !isNamelessPod(point.place.pod)) return [key, point];
      return [key, { ...point, place: { ...point.place, role: "unknown", pod: undefined } }];
    }),
  );
}

/** Of each address that sends and that no rule leads to. What is dialled in vain is nobody's. */
function unlistedPods(topology: Topology, connections: readonly Connection[]): readonly Pod[] {
  const listed = new Set([
    ...topology.pods.map(({ address }) => address),
    ...topology.nodes.flatMap(({ addresses, interfaces }) => [
      ...addresses,
      ...interfaces.flatMap((port) => port.addresses.map(({ address }) => address)),
    ]),
  ]);
  const senders = new Set(connections.flatMap(sendersOf));
  return [...senders]
    .filter((address) => !listed.has(address))
    .sort()
    .flatMap((address) => podAt(topology, address));
}

function sendersOf({ originator, responder, packets: [sent, answered] }: Connection): Address[] {
  return [...(sent > 0 ? [originator.address] : []), ...(answered > 0 ? [responder.address] : [])];
}

function podAt({ nodes }: Topology, address: Address): readonly Pod[] {
  for (const { name: node, podCIDR, secondaryPodCIDR, docker } of nodes) {
    const networks = docker?.networks ?? [];
    const network = networks.find(({ subnet }) => prefixContains(subnet, address))?.name;
    const isPods = [podCIDR, secondaryPodCIDR].some((block) => block && isHost(block, address));
    if (network === undefined && !isPods) continue;
    return [{ ...plainPod({ name: address, node, address }), network }];
  }
  return [];
}

/** A node whose state nobody saved: where tunnels with its pods' packets come from and go to. */
function tunnelEnds(
  { podCIDR }: Topology["nodes"][number],
  connections: readonly Connection[],
): readonly Address[] {
  const ends = connections.flatMap(({ originator, responder, tunnels }) => {
    const [outer] = tunnels;
    if (outer === undefined || podCIDR === undefined) return [];
    const isFrom = prefixContains(podCIDR, originator.address);
    const isTo = prefixContains(podCIDR, responder.address);
    return [...(isFrom ? [outer.source] : []), ...(isTo ? [outer.destination] : [])];
  });
  const [only, ...others] = new Set(ends);
  return only !== undefined && others.length === 0 ? [only] : [];
}

/** The block's own address is the overlay's (flannel pkg/backend/vxlan/vxlan_network.go). */
function isHost(block: NonNullable<Topology["clusterCIDR"]>, address: Address): boolean {
  return prefixContains(block, address) && address !== block.address;
}

/** `client.eth0`, where one address outside of the cluster has part in all that it shows. */
function seenClients(
  { captures, connections }: SeenInCaptures,
  { nodes, services }: Topology,
): readonly ExternalClient[] {
  const inside = new Set([
    ...nodes.flatMap(({ addresses }) => addresses),
    ...services.flatMap(({ clusterIPs, externalIPs, loadBalancerIPs }) => [
      ...clusterIPs,
      ...externalIPs,
      ...loadBalancerIPs,
    ]),
  ]);
  return captures.flatMap(({ point }): ExternalClient[] => {
    const [name = "", ...rest] = point.split(/[./]/);
    const shown = connections.filter((connection) => connection.point.name === point);
    const outside = new Set(
      shown.flatMap(({ originator, responder }) => [originator.address, responder.address]),
    );
    const [only, ...others] = [...outside].filter(
      (address) => !inside.has(address) && isInEvery(shown, address),
    );
    if (name !== "client" || rest.length > 1 || only === undefined || others.length > 0) return [];
    const length = only.includes(":") ? 128 : 32;
    return [{ name, addresses: [{ address: only, length }], isBalancer: false }];
  });
}

function isInEvery(connections: readonly Connection[], address: Address): boolean {
  return connections.every(
    ({ originator, responder }) => originator.address === address || responder.address === address,
  );
}

/** A capture in a pod's namespace or at its veth, and the address that it is about. */
interface PointAbout {
  readonly address: Address;
  /** As the capture's name calls the pod; undefined where it does not. */
  readonly pod: string | undefined;
  /** The node's name and the veth's. */
  readonly veth: string | undefined;
}

function pointsAbout(
  points: ReadonlyMap<string, Point>,
  {
    connections,
    pods,
  }: { readonly connections: readonly Connection[]; readonly pods: readonly Pod[] },
): readonly PointAbout[] {
  const byPoint = new Map<string, Connection[]>();
  for (const connection of connections) {
    const key = pointKey(connection.point);
    byPoint.set(key, [...(byPoint.get(key) ?? []), connection]);
  }
  const open = [...points.values()].flatMap((point) => {
    const { role, node, pod } = point.place;
    if (role !== "pod" && role !== "veth") return [];
    const port = node === undefined ? undefined : interfaceOf(point.name, node);
    const veth = role === "veth" && port !== undefined ? `${node} ${port}` : undefined;
    const isName = pod !== undefined && !isNamelessPod(pod);
    const own = new Set(
      pods.filter((one) => node === undefined || one.node === node).map(({ address }) => address),
    );
    const ends = inAll(byPoint.get(point.key) ?? [], own);
    return [{ pod: isName ? pod : undefined, veth, node, ends }];
  });
  return settled(open);
}

/** Behind the node's name: `node1/any/vethc47808c9`, `node1.veth-p1a`. */
function interfaceOf(point: string, node: string): string | undefined {
  return point.startsWith(node) ? point.slice(node.length + 1).replace(/^.*\//, "") : undefined;
}

interface OpenPoint extends Omit<PointAbout, "address"> {
  readonly node: string | undefined;
  /** Pods that have part in everything that the capture shows. */
  readonly ends: readonly Address[];
}

/**
 * Two pods that only talk to each other look the same from both sides: one whose capture is known leaves
 * the other. A pod's name and the name of its veth are both its own.
 */
function settled(points: readonly OpenPoint[]): readonly PointAbout[] {
  const named = points.filter(({ pod }) => pod !== undefined);
  const unnamed = points.filter(({ pod }) => pod === undefined);
  return [named, unnamed].flatMap((alike) => {
    const known = new Map<string, Address>();
    for (let before = -1; before < known.size;) {
      before = known.size;
      for (const point of alike) settle(point, known);
    }
    return alike.flatMap((point): PointAbout[] => {
      const address = known.get(placeOfOne(point));
      return address === undefined || !point.ends.includes(address) ? [] : [{ ...point, address }];
    });
  });
}

const placeOfOne = ({ pod, veth }: OpenPoint): string => pod ?? veth ?? "";

function settle(point: OpenPoint, known: Map<string, Address>): void {
  const place = placeOfOne(point);
  const taken = new Set(
    [...known].flatMap(([other, address]) => (other === place ? [] : [address])),
  );
  const [only, ...others] = point.ends.filter((address) => !taken.has(address));
  if (only !== undefined && others.length === 0) known.set(place, only);
}

/** Pods that are an end of everything that is any pod's: what else is shown is said to all machines of a link. */
function inAll(connections: readonly Connection[], pods: ReadonlySet<Address>): readonly Address[] {
  const ends = connections
    .filter(({ protocol }) => protocol === "tcp" || protocol === "udp" || protocol === "sctp")
    .filter(({ responder }) => !isMulticast(responder.address))
    .map(({ originator, responder }) => [originator.address, responder.address])
    .map((both) => both.filter((address) => pods.has(address)))
    .filter((own) => own.length > 0);
  return (ends[0] ?? []).filter((address) => ends.every((own) => own.includes(address)));
}

function isMulticast(address: Address): boolean {
  return MULTICAST.some((block) => prefixContains(block, address));
}

/** RFC 5771, RFC 4291 §2.7. */
const MULTICAST = [
  { address: "224.0.0.0", length: 4 },
  { address: "ff00::", length: 8 },
];

/** Two captures that call one address differently, or two addresses alike, name nobody. */
function namesOf(pods: readonly Pod[], about: readonly PointAbout[]): ReadonlyMap<Address, string> {
  const told = about.flatMap(({ address, pod }) => (pod === undefined ? [] : [{ address, pod }]));
  const taken = new Set(
    pods.filter(({ name, address }) => name !== address).map(({ name }) => name),
  );
  return new Map(
    told
      .filter(({ address, pod }) =>
        told.every((other) => (other.address === address) === (other.pod === pod)),
      )
      .filter(({ pod }) => !taken.has(pod))
      .map(({ address, pod }) => [address, pod]),
  );
}
