/** Every connection that a topology makes sensible: who can dial what. */
import type { Network } from "#expected/network/network.js";
import type { Dial, Party } from "#expected/network/path.js";
import { sourceAddressFor } from "#expected/network/source-address.js";
import type { PredictedPort, PredictedTuple } from "#expected/netfilter/predicted-tuple.js";
import { isLoopback, type Address } from "#net/address.js";
import { firstOf, targetsOf, type Reach, type Target } from "./targets.js";
import {
  hasNoNetwork,
  homeOf,
  isContainer,
  isDockerHost,
  namespaceOf,
  nodeNamed,
  nodeOfAddress,
  podNamed,
  podOfAddress,
} from "./whereabouts.js";

export interface DialsOptions {
  /** `any` unless a test wants to see which ports are kept. */
  readonly sourcePort?: PredictedPort;
}

export function dialsOf(
  network: Network,
  { sourcePort = "any" }: DialsOptions = {},
): readonly Dial[] {
  const parties = partiesOf(network, outsiders(network));
  return targetsOf(network).flatMap((target) =>
    dialsOfTarget(network, { target, sourcePort, parties }),
  );
}

/** A packet as it was seen anywhere on its way; what sent it may not be known. */
export type SeenPacket = Pick<PredictedTuple, "protocol" | "destination"> &
  Partial<Pick<PredictedTuple, "source">>;

/**
 * Those whose packets can have this destination somewhere on their way. A source that is nobody's
 * in the topology is a client outside, and then no other is.
 */
export function dialsThatMayReach(network: Network, packet: SeenPacket): readonly Dial[] {
  const { protocol, destination, source } = packet;
  const stranger = source && isStranger(network, source.address) ? source : undefined;
  const known = stranger === undefined ? outsiders(network) : [stranger.address];
  const parties = partiesOf(network, known);
  const { address, port } = destination;
  return targetsOf(network)
    .filter((target) => target.protocol === protocol)
    .filter(({ dialled, leadsTo }) =>
      [dialled, ...leadsTo].some((end) => end.address === address && end.port === port),
    )
    .flatMap((target) => dialsOfTarget(network, { target, sourcePort: "any", parties }));
}

/** No address of the cluster's own, and so never one that masquerading gives. */
function isStranger(network: Network, address: Address): boolean {
  const isOwn =
    nodeOfAddress(network, address) !== undefined ||
    podOfAddress(network.topology, address) !== undefined;
  return !isLoopback(address) && !isOwn;
}

/** An address for each client that the topology lists. */
function outsiders({ topology, family }: Network): readonly Address[] {
  return topology.clients
    .flatMap(({ addresses }) => addresses.map(firstOf))
    .filter((address) => address.includes(":") === (family === "ipv6"));
}

interface ToTarget {
  readonly target: Target;
  readonly sourcePort: PredictedPort;
  readonly parties: readonly Party[];
}

function dialsOfTarget(
  network: Network,
  { target, sourcePort, parties }: ToTarget,
): readonly Dial[] {
  const { protocol, dialled, reach } = target;
  return parties
    .filter((party) => canDial(network, party, reach))
    .flatMap((from) => {
      const address = addressOf(network, from, dialled.address);
      if (address === undefined) return [];
      const source = { address, port: sourcePort };
      const dial: Dial = { from, tuple: { protocol, source, destination: dialled } };
      return from.kind === "outside" ? entering(network, { dial, reach }) : [dial];
    });
}

/** Every machine, node and namespace; a hostNetwork pod is a process of its node. */
function partiesOf({ topology, family }: Network, outside: readonly Address[]): readonly Party[] {
  const pods = topology.pods.filter(
    (pod) =>
      !pod.gone &&
      !pod.hostNetwork &&
      pod.sharesNetworkOf === undefined &&
      pod.address.includes(":") === (family === "ipv6"),
  );
  return [
    ...outside.map((address): Party => ({ kind: "outside", address })),
    ...topology.nodes.map(({ name }): Party => ({ kind: "node", name })),
    ...pods.map(({ name }): Party => ({ kind: "pod", name })),
  ];
}

/** Undefined where the party has no way there. */
function addressOf(network: Network, from: Party, destination: Address): Address | undefined {
  if (from.kind === "outside") return from.address;
  const states = from.kind === "node" ? network.nodes : network.pods;
  const state = states.get(from.name);
  const chosen = state && sourceAddressFor(state, destination);
  const pod = from.kind === "pod" ? podNamed(network.topology, from.name) : undefined;
  // Without a route it cannot send; it is still said what happens.
  return chosen ?? (pod && hasNoNetwork(network.topology, pod) ? pod.address : undefined);
}

/** Docker's hosts are no members of the cluster: they reach what anybody reaches. */
function canDial(network: Network, party: Party, reach: Reach): boolean {
  const { topology } = network;
  const home = homeOf(topology, party);
  const isMember = home !== undefined && !isDockerHost(nodeNamed(topology, home));
  const pod = party.kind === "pod" ? podNamed(topology, party.name) : undefined;
  switch (reach.kind) {
    case "anybody":
      return true;
    case "virtual":
      return party.kind === "outside" || isMember;
    case "on-node":
      return party.kind === "node" && party.name === reach.name;
    case "in-pod":
      return party.kind === "pod" && namespaceOf(topology, party.name) === reach.name;
    case "outside":
      return pod !== undefined;
    case "pod":
      // A container's address is known on its own host alone.
      return isContainer(topology, reach.pod) ? home === reach.pod.node : isMember;
  }
}

/** A packet for an address of no node may be sent to any of them first. */
function entering(
  { topology }: Network,
  { dial, reach }: { readonly dial: Dial; readonly reach: Reach },
): readonly Dial[] {
  if (reach.kind !== "virtual") return [dial];
  return topology.nodes
    .filter((node) => !isDockerHost(node))
    .map(({ name }) => ({ ...dial, via: name }));
}
