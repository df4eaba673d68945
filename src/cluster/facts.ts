/** What we know about addresses: from a topology, from flags, and what had to be assumed. */
import { isLoopback, type Address } from "#net/address.js";
import { isPrivate, prefixContains, prefixOf, type Prefix } from "#net/prefix.js";
import type { Interface, InterfaceKind, Node, Topology } from "./topology.js";

/** What the flags of the command line say. Undefined is what the user did not say. */
export interface GivenFacts {
  /** All addresses of the node that the captures were taken on. */
  readonly node: readonly Address[] | undefined;
  readonly pod: Address | undefined;
  readonly hostPort: number | undefined;
  readonly containerPort: number | undefined;
  /** Addresses of the scenario's clients. */
  readonly clients: readonly Prefix[] | undefined;
  readonly topology: Topology | undefined;
}

/** The pod behind a host port, or the hostNetwork pod. Undefined is what nobody told us yet. */
export interface Target {
  readonly pod: string | undefined;
  readonly address: Address | undefined;
  /** The port the pod listens on. */
  readonly port: number | undefined;
  readonly hostPort: number | undefined;
  readonly hostIP: Address | undefined;
  /** `tcp`, `udp` or `sctp`. */
  readonly protocol: string | undefined;
  readonly hostNetwork: boolean;
  /** Name of the node it runs on. */
  readonly node: string | undefined;
}

/** Whose address it is, seen from the node that the target runs on. */
export type Owner =
  | "loopback"
  | "target"
  | "bridge"
  | "this-node"
  | "other-node"
  | "other-overlay"
  | "pod-here"
  | "pod-elsewhere"
  | "named-client"
  | "outside"
  | "unknown";

export interface Ownership {
  readonly owner: Owner;
  /** The sentence that the answer rests on when nobody told us; undefined for a fact. */
  readonly assumption: string | undefined;
}

export interface Facts {
  readonly given: GivenFacts;
  readonly target: Target;
  /** True when `given.node` was concluded from the captures. */
  readonly isNodeInferred?: boolean;
}

type Kind = "hostPort" | "hostNetwork";

/** Every pod that the topology and flags allow as the target; one with unknowns when they say little. */
export function targetsOf(given: GivenFacts, kind: Kind): readonly Target[] {
  const listed = listedTargets(given, kind).filter(
    (target) =>
      (given.pod === undefined || target.address === given.pod) &&
      (given.hostPort === undefined || target.hostPort === given.hostPort),
  );
  if (listed.length > 0) return listed;
  if (listsNone(given, kind)) return [];
  const node = given.topology?.nodes.find((candidate) =>
    candidate.addresses.some((address) => given.node?.includes(address)),
  );
  const sharesNode = kind === "hostNetwork";
  return [
    {
      pod: undefined,
      address: given.pod ?? (sharesNode ? given.node?.[0] : undefined),
      port: sharesNode ? (given.containerPort ?? given.hostPort) : given.containerPort,
      hostPort: given.hostPort,
      hostIP: undefined,
      protocol: undefined,
      hostNetwork: sharesNode,
      node: node?.name,
    },
  ];
}

function listedTargets({ topology }: GivenFacts, kind: Kind): readonly Target[] {
  if (topology === undefined) return [];
  return kind === "hostPort" ? hostPortTargets(topology) : hostNetworkTargets(topology);
}

/**
 * A topology that lists no hostNetwork pod says that there is none; one that lists pods, and no
 * hostPort of any, that nobody has one. A port or a pod that was named is looked at all the same.
 */
function listsNone({ topology, hostPort, pod }: GivenFacts, kind: Kind): boolean {
  if (topology === undefined || hostPort !== undefined) return false;
  if (kind === "hostNetwork") return true;
  return pod === undefined && topology.pods.length > 0 && hostPortTargets(topology).length === 0;
}

function hostPortTargets({ pods }: Topology): Target[] {
  // What Docker publishes is reached by Docker's rules, and not by portmap's.
  const serving = pods.filter(
    ({ gone, hostNetwork, network }) => !gone && !hostNetwork && network === undefined,
  );
  return serving.flatMap((pod) =>
    pod.hostPorts.map(({ hostPort, containerPort, hostIP, protocol }) => ({
      pod: pod.name,
      address: pod.address,
      port: containerPort,
      hostPort,
      hostIP,
      protocol,
      hostNetwork: false,
      node: pod.node,
    })),
  );
}

function hostNetworkTargets({ pods }: Topology): Target[] {
  const sharing = pods.filter((pod) => !pod.gone && pod.hostNetwork);
  return sharing.flatMap((pod) =>
    pod.ports.map((port) => ({
      pod: pod.name,
      address: pod.address,
      port,
      hostPort: port,
      hostIP: undefined,
      protocol: undefined,
      hostNetwork: true,
      node: pod.node,
    })),
  );
}

/** Addresses of the target's node: those of its uplinks, not of its bridge. Undefined when unknown. */
export function nodeAddresses({ given, target }: Facts): readonly Address[] | undefined {
  if (given.node) return given.node.filter((address) => !inPodSubnet(target, address));
  return given.topology?.nodes.find((node) => node.name === target.node)?.addresses;
}

/** The address that the node's bridge has in the target's subnet, which MASQUERADE would take. */
export function bridgeAddress({ given, target }: Facts): Address | undefined {
  const node = given.topology?.nodes.find((candidate) => candidate.name === target.node);
  const bridge = node?.interfaces.find((candidate) => candidate.kind === "bridge");
  if (bridge?.addresses[0]) return bridge.addresses[0].address;
  const inSubnet = given.node?.find((address) => inPodSubnet(target, address));
  return inSubnet ?? (target.address && firstOfSubnet(target.address));
}

/** Whose address this is. With a topology the world is closed: what it does not list is outside. */
export function ownerOf(facts: Facts, address: Address): Ownership {
  const { given, target } = facts;
  if (isLoopback(address)) return known("loopback");
  if (address === target.address) return known(target.hostNetwork ? "this-node" : "target");
  const listed = given.topology && ownerInTopology(given.topology, facts, address);
  const unlisted = given.topology && unlistedBridge(given.topology, target, address);
  if (listed) return unlisted ?? known(listed);
  if (given.node?.includes(address)) {
    return known(inPodSubnet(target, address) ? "bridge" : "this-node");
  }
  const guessed = ownerInSubnet(target, address);
  if (guessed && !given.topology) return guessed;
  if (given.clients?.some((prefix) => prefixContains(prefix, address)))
    return known("named-client");
  if (given.topology) return known("outside");
  return ownerByRange(target.address ?? given.node?.[0], address);
}

/** A file that tells of no bridge on the pod's node does not mean that its first address is a pod's. */
function unlistedBridge(
  { nodes, pods }: Topology,
  target: Target,
  address: Address,
): Ownership | undefined {
  const interfaces = nodes.find(({ name }) => name === target.node)?.interfaces ?? [];
  const isKnown =
    interfaces.some(({ kind }) => kind === "bridge") || pods.some((pod) => pod.address === address);
  return isKnown || address !== firstOfSubnet(target.address ?? "")
    ? undefined
    : ownerInSubnet(target, address);
}

const known = (owner: Owner): Ownership => ({ owner, assumption: undefined });

function ownerInTopology(topology: Topology, facts: Facts, address: Address): Owner | undefined {
  const home = facts.target.node;
  const isPod = topology.pods.some((candidate) => candidate.address === address);
  // A topology need not list interfaces.
  if (!isPod && address === bridgeAddress(facts)) return "bridge";
  for (const node of topology.nodes) {
    const owner = ownerOnNode(node, node.name === home, address);
    if (owner) return owner;
  }
  const pod = topology.pods.find((candidate) => candidate.address === address);
  if (pod) return pod.node === home ? "pod-here" : "pod-elsewhere";
  const inCluster = topology.clusterCIDR && prefixContains(topology.clusterCIDR, address);
  if (inCluster) return "pod-elsewhere";
  const client = topology.clients.some((candidate) =>
    candidate.addresses.some((prefix) => prefixContains(prefix, address)),
  );
  return client ? "outside" : undefined;
}

/** Interfaces that carry an address of the node itself, with who that is to the node's own pods. */
const OWNER_BY_KIND: Record<InterfaceKind, Owner> = {
  uplink: "this-node",
  bridge: "bridge",
  veth: "bridge",
  overlay: "this-node",
  loopback: "loopback",
};

function ownerOnNode(node: Node, isHome: boolean, address: Address): Owner | undefined {
  const holds = (port: Interface): boolean =>
    port.addresses.some((prefix) => prefix.address === address);
  const port = node.interfaces.find(holds);
  if (port) return isHome ? OWNER_BY_KIND[port.kind] : ownerElsewhere(port.kind);
  if (node.addresses.includes(address)) return isHome ? "this-node" : "other-node";
  if (!node.podCIDR || !prefixContains(node.podCIDR, address)) return undefined;
  return isHome ? "pod-here" : "pod-elsewhere";
}

function ownerElsewhere(kind: InterfaceKind): Owner {
  return kind === "overlay" ? "other-overlay" : "other-node";
}

/**
 * host-local hands out a /24 per node as a rule and gives its first address to the bridge
 * (containernetworking/plugins v1.1.1 plugins/ipam/host-local); nobody told us, so it is assumed.
 */
function ownerInSubnet(target: Target, address: Address): Ownership | undefined {
  if (!inPodSubnet(target, address)) return undefined;
  if (address === firstOfSubnet(target.address ?? "")) {
    return {
      owner: "bridge",
      assumption: `${address} is the node's bridge: the first address of the pod's subnet`,
    };
  }
  return {
    owner: "pod-here",
    assumption: `${address} is a pod of the same node: it is in the pod's subnet`,
  };
}

/** A public address next to a private pod or node is a stranger; a private one may be anybody. */
function ownerByRange(reference: Address | undefined, address: Address): Ownership {
  if (reference === undefined || !isPrivate(reference) || isPrivate(address)) {
    return known("unknown");
  }
  return {
    owner: "outside",
    assumption: `${address} is a public address, so not one of this node, another node or a pod`,
  };
}

const POD_SUBNET_BITS = { ipv4: 24, ipv6: 64 } as const;

function subnetOf(address: Address): Prefix {
  return prefixOf(address, address.includes(":") ? POD_SUBNET_BITS.ipv6 : POD_SUBNET_BITS.ipv4);
}

/** True when `address` is what the bridge of `pod`'s subnet would have. */
export function isGatewayOf(address: Address, pod: Address): boolean {
  return address !== pod && address === firstOfSubnet(pod);
}

function inPodSubnet({ address, hostNetwork }: Target, other: Address): boolean {
  return address !== undefined && !hostNetwork && prefixContains(subnetOf(address), other);
}

function firstOfSubnet(address: Address): Address | undefined {
  if (address === "") return undefined;
  const { address: base } = subnetOf(address);
  return address.includes(":") ? base.replace(/::$/, "::1") : base.replace(/\.0$/, ".1");
}
