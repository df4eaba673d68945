/**
 * Of a large cluster the part that captures can tell apart. Pods and nodes that no capture was taken
 * at and whose addresses nobody saw are all alike: two of each stand for the rest, so that who may have
 * dialled does not grow with the cluster.
 */
import { placeOf } from "#cluster/point-role.js";
import type { Service } from "#cluster/service.js";
import type { Node, Pod, Topology } from "#cluster/topology.js";
import { addressBits, addressFromBits, type Address } from "#net/address.js";
import { prefixContains, type Prefix } from "#net/prefix.js";
import type { ConntrackEntry } from "#observed/conntrack/conntrack-entry.js";
import type { Connection } from "#observed/flow/connection.js";
import type { ReadCapture } from "./point.js";

/** Below it everything is kept: recorded cases and test clusters have ten. */
const MANY_PODS = 100;
const MANY_NODES = 20;
/** Two, so that what was seen at one endpoint or sender never looks as if there were no other. */
const STAND_INS = 2;

interface Asked {
  readonly captures: readonly ReadCapture[];
  readonly connections: readonly Connection[];
  readonly conntrack?: readonly ConntrackEntry[] | undefined;
  /** Of each address family, by the node's name. */
  readonly states?: Readonly<Record<"ipv4" | "ipv6", ReadonlyMap<string, unknown>>> | undefined;
}

export function relevantTopology(topology: Topology, asked: Asked): Topology {
  const { pods, nodes } = topology;
  if (pods.length <= MANY_PODS && nodes.length <= MANY_NODES) return topology;
  const seen = seenIn(asked);
  const places = asked.captures.map(({ point }) => placeOf(point, topology));
  const services = topology.services.filter((service) => isSeenService(service, seen));
  const named = new Set([
    ...places.flatMap(({ pod }) => pod ?? []),
    ...services.flatMap(({ endpoints }) => endpoints.flatMap(({ pod }) => pod ?? [])),
  ]);
  const isKnownApart = (pod: Pod): boolean =>
    named.has(pod.name) || isSpecial(pod) || (!pod.hostNetwork && seen.addresses.has(pod.address));
  const apart = pods.filter(isKnownApart);
  const homes = new Set([
    ...apart.map(({ node }) => node),
    ...places.flatMap(({ node }) => node ?? []),
    ...(["ipv4", "ipv6"] as const).flatMap((family) => [...(asked.states?.[family].keys() ?? [])]),
    ...unlistedHomes(topology, seen.addresses),
  ]);
  const isHome = (node: Node): boolean => homes.has(node.name) || isSeenNode(node, seen.addresses);
  const kept = [...nodes.filter(isHome), ...nodes.filter((n) => !isHome(n)).slice(0, STAND_INS)];
  const order = new Set(kept.map(({ name }) => name));
  return {
    ...topology,
    nodes: nodes.filter(({ name }) => order.has(name)),
    pods: keptPods(pods, { apart: new Set(apart), nodes: order }),
    services,
  };
}

interface Seen {
  readonly addresses: ReadonlySet<Address>;
  readonly ports: ReadonlySet<number>;
}

/** Of a conntrack table only what meets a captured connection: it holds the whole node's. */
function seenIn({ connections, conntrack = [] }: Asked): Seen {
  const ends = connections.flatMap(({ originator, responder }) => [originator, responder]);
  const keys = new Set(ends.map(({ address, port }) => `${address} ${port}`));
  const tracked = conntrack
    .map(({ original, reply }) =>
      [original, reply].flatMap(({ source, destination }) => [source, destination]),
    )
    .filter((entry) => entry.some(({ address, port }) => keys.has(`${address} ${port}`)));
  const all = [...ends, ...tracked.flat()];
  return {
    addresses: new Set(all.map(({ address }) => address)),
    ports: new Set(all.map(({ port }) => port)),
  };
}

function isSeenService(service: Service, { addresses, ports }: Seen): boolean {
  const { clusterIPs, externalIPs, loadBalancerIPs, endpoints, healthCheckNodePort } = service;
  const own = [...clusterIPs, ...externalIPs, ...loadBalancerIPs];
  const nodePorts = [healthCheckNodePort, ...service.ports.map(({ nodePort }) => nodePort)];
  return (
    own.some((address) => addresses.has(address)) ||
    endpoints.some(({ address }) => addresses.has(address)) ||
    nodePorts.some((port) => port !== undefined && ports.has(port))
  );
}

/** Of Docker, in another's namespace, or a proxy: none of these is like the next pod. */
function isSpecial({ network, sharesNetworkOf, proxyFor }: Pod): boolean {
  return network !== undefined || sharesNetworkOf !== undefined || proxyFor !== undefined;
}

/** Its own addresses, and those that its bridge and overlay have where nobody listed them. */
function isSeenNode(node: Node, addresses: ReadonlySet<Address>): boolean {
  const own = [
    ...node.addresses,
    ...node.interfaces.flatMap((port) => port.addresses.map(({ address }) => address)),
    ...[node.podCIDR, node.secondaryPodCIDR].flatMap((block) => (block ? firstTwo(block) : [])),
  ];
  return node.docker !== undefined || own.some((address) => addresses.has(address));
}

function firstTwo({ address }: Prefix): readonly Address[] {
  const { bits, width } = addressBits(address);
  return [address, addressFromBits(bits + 1n, width)];
}

/** Nodes of addresses that are in a pod's block and no pod's: it may be gone, or new. */
function unlistedHomes(
  { nodes, pods, clusterCIDR, secondaryClusterCIDR }: Topology,
  addresses: ReadonlySet<Address>,
): readonly string[] {
  const listed = new Set(pods.map(({ address }) => address));
  const blocks = [clusterCIDR, secondaryClusterCIDR].flatMap((block) => block ?? []);
  const unlisted = [...addresses].filter(
    (address) => !listed.has(address) && blocks.some((block) => prefixContains(block, address)),
  );
  return nodes
    .filter(({ podCIDR, secondaryPodCIDR }) =>
      [podCIDR, secondaryPodCIDR].some(
        (block) => block && unlisted.some((address) => prefixContains(block, address)),
      ),
    )
    .map(({ name }) => name);
}

/** What takes ports of a kept node is part of its rules; of all others the first of each node stand in. */
function keptPods(
  pods: readonly Pod[],
  { apart, nodes }: { readonly apart: ReadonlySet<Pod>; readonly nodes: ReadonlySet<string> },
): readonly Pod[] {
  const standIns = new Map<string, number>();
  return pods.filter((pod) => {
    if (!nodes.has(pod.node)) return false;
    if (apart.has(pod) || pod.hostNetwork || pod.hostPorts.length > 0) return true;
    const count = standIns.get(pod.node) ?? 0;
    standIns.set(pod.node, count + 1);
    return count < STAND_INS && !pod.gone;
  });
}
