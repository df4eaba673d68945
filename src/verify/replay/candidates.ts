/**
 * What may have been dialled, and by whom. A packet seen where it is sent tells both; of a
 * connection that was only seen behind a translation every dial that leads there is a candidate.
 */
import { dialsThatMayReach } from "#expected/scenarios/dials.js";
import type { Network } from "#expected/network/network.js";
import type { Dial, Party } from "#expected/network/path.js";
import { nodeOfAddress, podOfAddress } from "#expected/scenarios/whereabouts.js";
import { isLoopback, type Address } from "#net/address.js";
import { isDirectionKnown } from "./is-direction-known.js";
import type { SeenFlow } from "./seen-flow.js";
import { captureTapOf } from "./tap-at.js";

export interface Candidates {
  readonly dials: readonly Dial[];
  /** Undefined when no capture shows the connection as it was dialled. */
  readonly seenAt: SeenFlow | undefined;
  /** True when a capture shows it as it came to the node that handles it. */
  readonly isArrivalSeen: boolean;
}

/** True when the topology lets somebody dial what leads to where these packets go. */
export function isServed(
  network: Network,
  { flows, side }: { readonly flows: readonly SeenFlow[]; readonly side: 0 | 1 },
): boolean {
  const requests = flows.filter((flow) => !flow.isTunnelled && mayBeRequest(flow, side));
  return mayReach(network, requests).length > 0;
}

/** `side`: which of the flow engine's two ends is taken for the client where no handshake tells. */
export function candidateDials(
  network: Network,
  { flows, side }: { readonly flows: readonly SeenFlow[]; readonly side: 0 | 1 },
): Candidates {
  const requests = flows.filter((flow) => !flow.isTunnelled && mayBeRequest(flow, side));
  const atSender = requests.flatMap((flow) => {
    const dial = sentBy(network, flow);
    return dial ? [{ flow, dial }] : [];
  });
  const [sent] = atSender;
  if (sent) {
    const dials = [sent.dial, ...viaOtherNodes(network, sent.dial)];
    return { dials, seenAt: sent.flow, isArrivalSeen: true };
  }
  const looped = requests.find((flow) => captureTapOf(flow.point).kind === "loopback");
  const process = looped && fromProcess(network, looped);
  if (looped && process) {
    // Of what stays on the node lo shows the request behind its translation.
    const dials = [process, ...mayReach(network, requests).filter(isFrom(process.from))];
    return { dials, seenAt: looped, isArrivalSeen: true };
  }
  const martian = requests.find((flow) => isMartian(flow));
  const sender = martian && fromProcess(network, martian);
  if (martian && sender) {
    const dials = mayReach(network, requests)
      .filter(isFrom(sender.from))
      .filter(({ tuple }) => isLoopback(tuple.source.address))
      .map((dial) => ({ ...dial, tuple: { ...dial.tuple, source: martian.tuple.source } }));
    if (dials.length > 0) return { dials, seenAt: martian, isArrivalSeen: true };
  }
  const arrivals = requests.filter((flow) => captureTapOf(flow.point).kind === "uplink");
  for (const flow of arrivals) {
    const dials = arrivedAt(network, flow);
    const seenAt = dials.length === 1 ? flow : undefined;
    if (dials.length > 0) return { dials, seenAt, isArrivalSeen: true };
  }
  const reaching = mayReach(network, requests);
  const dials = reaching.length > 0 ? reaching : toPods(network, requests);
  return { dials, seenAt: undefined, isArrivalSeen: false };
}

function mayBeRequest({ side, connection }: SeenFlow, guess: 0 | 1): boolean {
  return side === (isDirectionKnown(connection) ? 0 : guess);
}

function isFrom(party: Party): (dial: Dial) => boolean {
  return ({ from }) => from.kind === "node" && party.kind === "node" && from.name === party.name;
}

/** Only a node's own process has a loopback source, and it should not leave lo (RFC 1122 §3.2.1.3). */
function isMartian({ point, tuple }: SeenFlow): boolean {
  const { kind, interface: name } = captureTapOf(point);
  return isLoopback(tuple.source.address) && kind !== "loopback" && name !== "lo";
}

/** A pod listens on more than the topology says. */
function toPods(network: Network, requests: readonly SeenFlow[]): readonly Dial[] {
  return requests.slice(0, 1).flatMap(({ tuple }) => {
    const from = partyAt(network, tuple.source.address);
    const isToPod = podOfAddress(network.topology, tuple.destination.address) !== undefined;
    return from && isToPod ? [{ from, tuple }] : [];
  });
}

/** The dial, where the capture was taken at whoever sends the packet. */
function sentBy(network: Network, { point, tuple }: SeenFlow): Dial | undefined {
  const tap = captureTapOf(point);
  const owner = partyAt(network, tuple.source.address);
  if (tap.kind === "client") return owner === undefined ? outside(tuple) : undefined;
  if (tap.kind === "pod" && tap.interface === "lo" && tap.pod !== undefined) {
    return { from: { kind: "pod", name: tap.pod }, tuple };
  }
  if (tap.kind !== "pod" && tap.kind !== "veth") return undefined;
  if (owner?.kind !== "pod" || (tap.pod !== undefined && owner.name !== tap.pod)) return undefined;
  // What a pod sends to itself stays on its lo: outside it this is a hairpin coming back.
  if (podOfAddress(network.topology, tuple.destination.address)?.name === owner.name)
    return undefined;
  return { from: owner, tuple };
}

/** Whose socket an address is; undefined for one outside. */
function partyAt(network: Network, address: Address): Party | undefined {
  const pod = podOfAddress(network.topology, address);
  if (pod) return { kind: "pod", name: pod.name };
  const node = nodeOfAddress(network, address);
  return node === undefined ? undefined : { kind: "node", name: node };
}

function fromProcess({ nodes }: Network, { point, tuple }: SeenFlow): Dial | undefined {
  const name = captureTapOf(point).node ?? [...nodes.keys()][0];
  return name === undefined ? undefined : { from: { kind: "node", name }, tuple };
}

const outside = (tuple: SeenFlow["tuple"], via?: string): Dial => ({
  from: { kind: "outside", address: tuple.source.address },
  tuple,
  ...(via === undefined ? {} : { via }),
});

/** A packet from outside to an address of no node may enter by any of them. */
function viaOtherNodes({ nodes, topology }: Network, dial: Dial): readonly Dial[] {
  if (dial.from.kind !== "outside") return [];
  const { address } = dial.tuple.destination;
  if (topology.nodes.some(({ addresses }) => addresses.includes(address))) return [];
  return [...nodes.keys()].map((via) => ({ ...dial, via }));
}

/** At a node's uplink: from outside, from another node, or from a pod that its node masqueraded. */
function arrivedAt(network: Network, { point, tuple }: SeenFlow): readonly Dial[] {
  const { node } = captureTapOf(point);
  const owner = partyAt(network, tuple.source.address);
  if (owner === undefined) return [outside(tuple, node)];
  return [{ from: owner, tuple }, ...podsBehind(network, owner, tuple)];
}

/** Pods that share an address of their node when they leave the cluster. */
function podsBehind(network: Network, owner: Party, tuple: SeenFlow["tuple"]): readonly Dial[] {
  if (owner.kind !== "node") return [];
  const isIpv6 = tuple.source.address.includes(":");
  return network.topology.pods
    .filter(({ node, hostNetwork, gone }) => node === owner.name && !hostNetwork && !gone)
    .filter(({ address }) => address.includes(":") === isIpv6)
    .map(({ name, address }) => ({
      from: { kind: "pod", name },
      tuple: { ...tuple, source: { address, port: "any" } },
    }));
}

/** Everything that the topology lets somebody dial and that leads to where these packets go. */
function mayReach(network: Network, requests: readonly SeenFlow[]): readonly Dial[] {
  const seen = new Map<string, Dial>();
  for (const { tuple } of requests) {
    for (const dial of dialsThatMayReach(network, tuple)) {
      if (!isOddRoute(network, dial)) seen.set(JSON.stringify(dial), dial);
    }
  }
  return [...seen.values()];
}

/**
 * A machine outside that routes ClusterIPs by a node: only a capture of it shows that there is one, and
 * to think of it would explain a client whose address was lost under policy Local.
 */
function isOddRoute({ topology }: Network, { from, tuple }: Dial): boolean {
  const { address } = tuple.destination;
  const isClusterIP = topology.services.some(({ clusterIPs }) => clusterIPs.includes(address));
  return from.kind === "outside" && isClusterIP;
}
