/** Who dialled a connection, as far as addresses, half-translated packets and TTLs tell. */
import { ownerOf, type Facts, type Owner } from "#cluster/facts.js";
import type { Address } from "#net/address.js";
import type { Candidate, ClientEvidence } from "./case.js";
import type { AskedClients } from "./asked-clients.js";
import { clientEnd, type Sighting } from "./sighting.js";

export interface ClientContext {
  readonly facts: Facts;
  readonly asked: AskedClients;
  /** True on another node or in another pod than the target's. */
  readonly isClientSide: (sighting: Sighting) => boolean;
  /** True where some connection was seen before translation, so that a filter lets them through. */
  readonly showsDialling: (point: string) => boolean;
}

export function clientEvidence(
  sightings: readonly Sighting[],
  context: ClientContext,
): ClientEvidence {
  const { facts, asked } = context;
  const seen = dialledSighting(sightings, context);
  if (seen) return fromDialled(seen, sightings, facts, asked);
  const delivered = sightings.find(
    ({ stage, direction }) => stage === "delivered" && direction === "request",
  );
  const direct = directEvidence(sightings, context);
  if (direct) return direct;
  if (delivered) return fromDelivered(delivered, sightings, context);
  return {
    classes: new Set(),
    dialled: undefined,
    rewritten: false,
    why: "only replies were captured",
    assumptions: [],
    evidence: sightings.slice(0, 1),
  };
}

/**
 * A packet that shows who dialled: one still addressed to the node, or the half of a bridge's view
 * that a later point shows rewritten (docs/lab-notes/half-translated-bridge.md).
 */
function dialledSighting(
  sightings: readonly Sighting[],
  { facts, isClientSide }: ClientContext,
): Sighting | undefined {
  const before = sightings.find(
    ({ stage, direction }) => stage === "dialled" && direction === "request",
  );
  if (before) return before;
  // What another node translates, its bridge and its pods show: a client of the pod's own address.
  const here = sightings.filter((sighting) => !isClientSide(sighting));
  const atBridge = here.filter(
    ({ place, stage }) => place.role === "bridge" && stage === "delivered",
  );
  const reply = atBridge.find(
    (sighting) => sighting.direction === "reply" && isRestored(sighting, here, facts),
  );
  return reply ?? atBridge.find((sighting) => isRewrittenLater(sighting, here));
}

/** A reply whose destination is already the dialling client while the request came from the bridge. */
function isRestored(reply: Sighting, sightings: readonly Sighting[], facts: Facts): boolean {
  if (ownerOf(facts, reply.destination.address).owner === "bridge") return false;
  return sightings.some(
    ({ direction, stage, source }) =>
      direction === "request" &&
      stage === "delivered" &&
      source.address !== reply.destination.address,
  );
}

function isRewrittenLater(request: Sighting, sightings: readonly Sighting[]): boolean {
  if (request.direction !== "request") return false;
  return sightings.some(
    ({ direction, stage, place, source }) =>
      direction === "request" &&
      stage === "delivered" &&
      (place.role === "veth" || place.role === "pod") &&
      source.address !== request.source.address,
  );
}

/**
 * A reply to the bridge's own address that is still addressed to it at the bridge: bridge-nf
 * restores a translated destination before this point, so nothing was translated.
 */
function directEvidence(
  sightings: readonly Sighting[],
  { facts, isClientSide }: ClientContext,
): ClientEvidence | undefined {
  // Behind the client's own interfaces nothing has been translated yet.
  const atClient = sightings.find(
    (sighting) => sighting.stage === "delivered" && cameFromClient(sighting, isClientSide),
  );
  if (atClient) {
    return fromDirect(atClient, `${atClient.point} shows it addressed to the pod from the start`);
  }
  const restored = sightings.find(
    ({ place, stage, direction, destination }) =>
      place.role === "bridge" &&
      stage === "delivered" &&
      direction === "reply" &&
      ownerOf(facts, destination.address).owner === "bridge",
  );
  if (!restored) return undefined;
  const why = `${restored.point} shows the reply still addressed to the bridge, so no rule translated it`;
  const assumption = "net.bridge.bridge-nf-call-iptables is 1, as Kubernetes wants it";
  return fromDirect(restored, why, assumption);
}

/** In front of the node that serves: on the client's node or pod, or inside an overlay's tunnel. */
function cameFromClient(sighting: Sighting, isClientSide: ClientContext["isClientSide"]): boolean {
  const { connection, place, direction } = sighting;
  if (connection.tunnels.length > 0 || place.role === "overlay") return true;
  // A reply with the pod's address may be one that was not translated back; a request is no accident.
  const isOutside = place.role === "uplink" || place.role === "client";
  return isClientSide(sighting) || (isOutside && direction === "request");
}

function fromDirect(seen: Sighting, why: string, assumption?: string): ClientEvidence {
  return {
    classes: new Set<Candidate>(["direct"]),
    dialled: undefined,
    rewritten: false,
    why,
    assumptions: assumption === undefined ? [] : [assumption],
    evidence: [seen],
  };
}

function fromDialled(
  seen: Sighting,
  sightings: readonly Sighting[],
  facts: Facts,
  asked: AskedClients,
): ClientEvidence {
  const { address } = clientEnd(seen);
  const { owner, assumption } = ownerOf(facts, address);
  const classes = new Set(classesOfDialled(owner, { seen, sightings, asked }));
  // What was dialled may be a Service when the captures alone say that it was the node.
  const isSeenDialling = seen.stage === "dialled" && facts.isNodeInferred !== true;
  const changed = isSeenDialling ? undefined : changedPort(seen, sightings);
  if (changed !== undefined) classes.add("service");
  const unseen = seen.stage === "dialled" ? undefined : DIALLED_PORT;
  return {
    classes,
    dialled: address,
    rewritten: false,
    why: changed ?? `${address} dialled (${seen.point})`,
    assumptions: [assumption, unseen].filter((text) => text !== undefined),
    evidence: [seen],
  };
}

const DIALLED_PORT =
  "the clients dialled the hostPort, not a Service of the pod: no capture shows them before translation";

/**
 * portmap's plain MASQUERADE keeps the source port unless it is taken; kube-proxy's and flannel's
 * `--random-fully` never does on purpose (linux net/netfilter/nf_nat_core.c get_unique_tuple).
 */
function changedPort(seen: Sighting, sightings: readonly Sighting[]): string | undefined {
  // In front of this node the client's own node may have changed it.
  const arrived = sightings.findLast(
    ({ stage, direction }) => stage === "dialled" && direction === "request",
  );
  const { port } = clientEnd(arrived ?? seen);
  const delivered = sightings.findLast(
    ({ stage, direction }) => stage === "delivered" && direction === "request",
  );
  if (!delivered || delivered.source.port === port) return undefined;
  return (
    `${seen.point} shows client port ${port}, ${delivered.point} ${delivered.source.port}: ` +
    "hostPort rules keep the port, a Service's masquerade does not"
  );
}

interface DialledContext {
  readonly seen: Sighting;
  readonly sightings: readonly Sighting[];
  readonly asked: AskedClients;
}

function classesOfDialled(owner: Owner, context: DialledContext): readonly Candidate[] {
  switch (owner) {
    case "loopback":
      return ["localhost"];
    case "target":
      return ["hairpin"];
    case "bridge":
    case "this-node":
      return ["own-address"];
    case "pod-here":
      return ["pod-same-node"];
    case "pod-elsewhere":
      return ["pod-other-node"];
    case "outside":
      return ["external"];
    case "other-node":
    case "other-overlay":
      return classesBehindNode(context.sightings);
    case "named-client":
      return namedClient(context.asked, distance(context.sightings));
    case "unknown":
      return dialledUnknown(context);
  }
}

/** Nobody said whose address it is; a capture in a pod of its own shows that it is that pod's. */
function dialledUnknown({ seen, sightings }: DialledContext): readonly Candidate[] {
  if (seen.place.role !== "pod" || seen.hops > 0) {
    return ["external", "other-node", "pod-other-node"];
  }
  const leftItsNode = sightings.some(
    ({ stage, place }) => stage === "dialled" && place.role === "uplink",
  );
  return leftItsNode ? ["pod-other-node"] : ["pod-same-node", "pod-other-node"];
}

/**
 * An address of another node may be its own process or a pod that it masquerades. The node's own
 * packet crosses no router to the uplink and one, this node, to the pod; a pod's crosses one more.
 */
function classesBehindNode(sightings: readonly Sighting[]): readonly Candidate[] {
  const routers = distance(sightings);
  if (routers === undefined) return ["other-node", "pod-other-node"];
  return routers === 0 ? ["other-node"] : ["pod-other-node"];
}

/** Routers between the client and this node's uplink; undefined when no TTL tells. */
function distance(sightings: readonly Sighting[]): number | undefined {
  const requests = sightings.filter(({ direction }) => direction === "request");
  const delivered = requests.find(({ stage }) => stage === "delivered");
  // This node is the last router before the pod.
  if (delivered) return Math.max(0, delivered.hops - 1);
  // Other nodes' uplinks come first; at its sender's own uplink a packet has crossed nothing.
  return requests.findLast(({ stage, place }) => stage === "dialled" && place.role === "uplink")
    ?.hops;
}

/** `--client` names the scenario's client; it is of the class that the scenario is about. */
function namedClient(asked: AskedClients, routers: number | undefined): readonly Candidate[] {
  if (asked.has("external")) return ["external"];
  if (asked.has("other-node")) {
    return routers === undefined || routers === 0 ? ["other-node"] : ["external", "other-node"];
  }
  if (asked.has("pod-other-node")) {
    return routers === 0 ? ["external", "other-node"] : ["pod-other-node"];
  }
  return ["external"];
}

function fromDelivered(
  delivered: Sighting,
  sightings: readonly Sighting[],
  { facts, asked, showsDialling }: ClientContext,
): ClientEvidence {
  const { address } = delivered.source;
  const { owner, assumption } = ownerOf(facts, address);
  const { hops } = delivered;
  const isRouted = hops > 0;
  // Without bridge-nf, or with a routed CNI, pods of the node itself are routed too, once.
  const isStranger = owner === "bridge" ? hops > 1 : owner === "this-node" && isRouted;
  const rewritten = isStranger;
  const own = ownAddressAssumption(owner, address, hops);
  const all = [
    DIALLED_PORT,
    assumption,
    own,
    rewritten ? bridgedAssumption(hops, address) : undefined,
  ];
  const knowsNode = facts.given.node !== undefined || facts.given.topology !== undefined;
  const isAnsweredUnrouted = sightings.some(
    (sighting) =>
      sighting.direction === "reply" && sighting.point === delivered.point && sighting.hops === 0,
  );
  const context = { address, hops, asked, knowsNode, isAnsweredUnrouted };
  const classes = new Set(classesOfDelivered(owner, context));
  if (looksLikeUplink(delivered, owner)) classes.add("direct");
  // A capture of all interfaces shows others before translation, and would have shown this one.
  if (sightings.some(({ place, point }) => place.role === "any" && showsDialling(point))) {
    classes.clear();
    classes.add("direct");
  }
  // Both legs of a hairpin pass the pod, and here only the second did.
  if (sightings.some(({ place, point }) => place.role === "pod" && showsDialling(point))) {
    classes.delete("hairpin");
  }
  return {
    classes,
    dialled: undefined,
    rewritten,
    why: whyDelivered(owner, address, delivered),
    assumptions: all.filter((text) => text !== undefined),
    evidence: [delivered],
  };
}

interface DeliveredContext {
  readonly address: Address;
  readonly hops: number;
  readonly asked: AskedClients;
  readonly knowsNode: boolean;
  readonly isAnsweredUnrouted: boolean;
}

function classesOfDelivered(owner: Owner, context: DeliveredContext): readonly Candidate[] {
  const { hops, asked } = context;
  switch (owner) {
    case "loopback":
      return ["localhost"];
    case "target":
      return ["hairpin"];
    case "bridge":
      return masqueradedAs(hops);
    case "this-node":
      return hops > 0 ? ["external", "other-node", "pod-other-node"] : ["own-address"];
    case "other-node":
      return hops <= 1 ? ["other-node"] : ["pod-other-node"];
    case "other-overlay":
      // A hostPort is dialled by the node's address, so by its uplink; the overlay leads to pods.
      return ["direct"];
    case "pod-here":
      return ["pod-same-node", "direct"];
    case "pod-elsewhere":
      return ["pod-other-node", "direct"];
    case "outside":
      return ["external"];
    case "named-client":
      return hops === 0 ? unrouted(context) : namedClient(asked, hops - 1);
    case "unknown":
      return hops === 0 ? unrouted(context) : ["external", "other-node", "pod-other-node"];
  }
}

/**
 * An address outside the pod's subnet that no router was needed for: the node's own, if the pod is
 * there, which its unrouted answers show, and if nobody listed the node's addresses without it.
 */
function unrouted({ knowsNode, isAnsweredUnrouted }: DeliveredContext): readonly Candidate[] {
  if (knowsNode) return ["pod-same-node", "direct"];
  return isAnsweredUnrouted ? ["own-address"] : ["own-address", "pod-same-node", "direct"];
}

/**
 * A public client is a router away from the node at least, and the node routes to the pod: one router
 * in a capture that nobody placed is the node's own uplink as likely as the pod.
 */
function looksLikeUplink({ place, hops }: Sighting, owner: Owner): boolean {
  return place.role === "unknown" && owner === "outside" && hops < 2;
}

/**
 * Who may stand behind the bridge's address. Two routers away it is a stranger whose source was
 * rewritten. Unrouted it is the node or a bridge neighbour: kubelet's probes look the same as a
 * masqueraded hostPort. One router away it may be either: without bridge-nf neighbours are routed.
 */
function masqueradedAs(hops: number): readonly Candidate[] {
  if (hops > 1) return ["external", "other-node", "pod-other-node"];
  if (hops === 0) return ["localhost", "hairpin", "pod-same-node", "direct"];
  return ["external", "other-node", "hairpin", "pod-same-node", "service"];
}

function whyDelivered(owner: Owner, address: Address, { point, ttl }: Sighting): string {
  const seen = `${point} shows ${address} with TTL ${ttl}`;
  if (owner === "bridge") return `${seen}, the node's bridge`;
  return owner === "unknown" ? `${seen}; nobody said whose address that is` : seen;
}

function ownAddressAssumption(owner: Owner, address: Address, hops: number): string | undefined {
  const isGuess = owner === "unknown" || owner === "named-client";
  if (!isGuess || hops > 0) return undefined;
  return `${address} is an address of this node: its packets reach the pod unrouted`;
}

/** A routed CNI (ptp, Calico) routes pods of the same node too, so there a TTL below 64 says less. */
function bridgedAssumption(hops: number, address: Address): string {
  const routers = hops === 1 ? "one router" : `${hops} routers`;
  return (
    `the sender is not ${address}: its packet crossed ${routers}, which nothing on the node's ` +
    "bridge does (TTL started at 64, 128 or 255)"
  );
}
