/** Every connection that a topology makes sensible: who can dial what. */
import type { Network } from "#expected/network/network.js";
import type { Dial, Party } from "#expected/network/path.js";
import { sourceAddressFor } from "#expected/network/source-address.js";
import type { PredictedPort, PredictedTuple } from "#expected/netfilter/predicted-tuple.js";
import type { Address } from "#net/address.js";
import { firstOf, targetsOf, type Reach, type Target } from "./targets.js";
import {
  hasNoNetwork,
  homeOf,
  isContainer,
  isDockerHost,
  namespaceOf,
  nodeNamed,
  podNamed,
} from "./whereabouts.js";

export interface DialsOptions {
  /** `any` unless a test wants to see which ports are kept. */
  readonly sourcePort?: PredictedPort;
}

export function dialsOf(
  network: Network,
  { sourcePort = "any" }: DialsOptions = {},
): readonly Dial[] {
  return targetsOf(network).flatMap((target) => dialsOfTarget(network, { target, sourcePort }));
}

/** Those whose packets can have this destination somewhere on their way. */
export function dialsThatMayReach(
  network: Network,
  { protocol, destination }: Pick<PredictedTuple, "protocol" | "destination">,
): readonly Dial[] {
  const { address, port } = destination;
  return targetsOf(network)
    .filter((target) => target.protocol === protocol)
    .filter(({ dialled, leadsTo }) =>
      [dialled, ...leadsTo].some((end) => end.address === address && end.port === port),
    )
    .flatMap((target) => dialsOfTarget(network, { target, sourcePort: "any" }));
}

interface ToTarget {
  readonly target: Target;
  readonly sourcePort: PredictedPort;
}

function dialsOfTarget(network: Network, { target, sourcePort }: ToTarget): readonly Dial[] {
  const { protocol, dialled, reach } = target;
  return partiesOf(network)
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
function partiesOf({ topology, family }: Network): readonly Party[] {
  const pods = topology.pods.filter(
    (pod) => !pod.gone && !pod.hostNetwork && pod.sharesNetworkOf === undefined,
  );
  const isFamily = (address: Address): boolean => address.includes(":") === (family === "ipv6");
  return [
    ...topology.clients
      .flatMap(({ addresses }) => addresses.map(firstOf))
      .filter(isFamily)
      .map((address): Party => ({ kind: "outside", address })),
    ...topology.nodes.map(({ name }): Party => ({ kind: "node", name })),
    ...pods
      .filter(({ address }) => isFamily(address))
      .map(({ name }): Party => ({ kind: "pod", name })),
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
