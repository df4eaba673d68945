/** Questions that several checks ask of a comparison. */
import { samePredictedEndpoint } from "#expected/netfilter/predicted-tuple.js";
import type { PredictedSighting, TapPoint } from "#expected/taps/predicted-sighting.js";
import { hopsOf } from "#verify/sighting.js";
import type { ComparedFlow } from "./compare.js";
import { endpointsOf, receiver, type ReplayCase } from "./replay-case.js";
import { isDirectionKnown } from "./is-direction-known.js";
import type { SeenFlow } from "./seen-flow.js";
import { captureTapOf, isAtTap } from "./tap-at.js";

export function requestsOf(theCase: ReplayCase): readonly ComparedFlow[] {
  return theCase.best.flows.filter((compared) => isRequest(compared));
}

export function repliesOf(theCase: ReplayCase): readonly ComparedFlow[] {
  return theCase.best.flows.filter((compared) => !isRequest(compared));
}

/** By the model where it knows the packet, else by the handshake, else by who was seen first. */
function isRequest({ flow, sighting }: ComparedFlow): boolean {
  if (isDirectionKnown(flow.connection)) return flow.side === 0;
  return sighting ? sighting.direction === "request" : flow.side === 0;
}

/** The rules give it another destination than it was dialled with. */
export function isTranslated(theCase: ReplayCase): boolean {
  return endpointsOf(theCase).some(
    ({ tuple }) => !samePredictedEndpoint(tuple.destination, theCase.dial.tuple.destination),
  );
}

/** A request that goes to neither what was dialled nor anything that the model makes of it. */
export function strayedRequest(theCase: ReplayCase): SeenFlow | undefined {
  const known = [
    theCase.dial.tuple.destination,
    ...theCase.branches.flatMap(({ sightings }) =>
      sightings
        .filter(({ direction }) => direction === "request")
        .map(({ tuple }) => tuple.destination),
    ),
    ...endpointsOf(theCase).map(({ tuple }) => tuple.destination),
  ];
  return requestsOf(theCase).find(
    ({ flow, sighting }) =>
      sighting === undefined &&
      !known.some((end) => samePredictedEndpoint(end, flow.tuple.destination)),
  )?.flow;
}

/**
 * A request that still has the destination it was dialled with where the model has another, or
 * nothing, and that arrived nowhere. A bridge proves nothing: without bridge-nf it shows packets
 * before they are translated.
 */
export function untranslatedRequest(theCase: ReplayCase): SeenFlow | undefined {
  if (requestsOf(theCase).some((compared) => isAtServer(theCase, compared))) return undefined;
  const dialled = theCase.dial.tuple.destination;
  return requestsOf(theCase).find(
    ({ flow, sighting }) =>
      sighting === undefined &&
      captureTapOf(flow.point).kind !== "bridge" &&
      samePredictedEndpoint(dialled, flow.tuple.destination),
  )?.flow;
}

/** One packet that comes by with fewer hops each time: nobody takes it for its own (RFC 791 §3.2). */
export function goingRound(theCase: ReplayCase): SeenFlow | undefined {
  return requestsOf(theCase).find(({ flow: { point, connection, side, tuple } }) => {
    const { ttl } = connection.directions[side];
    return (
      captureTapOf(point).kind === "uplink" &&
      samePredictedEndpoint(theCase.dial.tuple.destination, tuple.destination) &&
      ttl !== undefined &&
      ttl.max - ttl.min > 1
    );
  })?.flow;
}

/** Somebody accepts what is dialled: a SYN-ACK, or replies that are not all resets. */
export function isAnswered(theCase: ReplayCase): boolean {
  return answerOf(theCase) !== undefined;
}

export function answerOf(theCase: ReplayCase): SeenFlow | undefined {
  return repliesOf(theCase).find(({ flow: { connection, packets } }) => {
    const [, facts] = connection.directions;
    return facts.isn !== undefined || packets > facts.resets;
  })?.flow;
}

/** Capture points at whoever is to receive the request, nearest first. */
export function serverTaps({ best }: ReplayCase): readonly TapPoint[] {
  const { end } = best.path;
  if (end.kind !== "delivered") return [];
  const final = best.sightings.filter(
    ({ direction, point, seen }) =>
      direction === "request" && seen === "must" && isServers(point, end.to),
  );
  return final.map(({ point }) => point).reverse();
}

/** The receiver's own interfaces, and the veth that leads to it and nowhere else. */
function isServers(
  point: TapPoint,
  to: NonNullable<ReturnType<typeof receiver>>["party"],
): boolean {
  const { namespace } = point;
  // A pod's own eth0 is an uplink too, and shows what leaves the pod, whether it gets out or not.
  if (to.kind === "outside")
    return namespace.kind === "outside" || (namespace.kind === "node" && point.kind === "uplink");
  if (namespace.kind === "outside") return false;
  if (namespace.kind === to.kind && namespace.name === to.name) return true;
  return to.kind === "pod" && point.kind === "veth" && point.pod === to.name;
}

/** At the receiver itself, and addressed to it, whatever else was rewritten. */
export function isAtServer(theCase: ReplayCase, { flow, sighting }: ComparedFlow): boolean {
  const end = receiver(theCase);
  if (end === undefined) return false;
  if (sighting !== undefined)
    return isServers(sighting.point, end.party) && !isSetOut(theCase, sighting);
  const server = flow.side === 0 ? flow.tuple.destination : flow.tuple.source;
  const tap = captureTapOf(flow.point);
  return (
    samePredictedEndpoint(end.tuple.destination, server) &&
    theCase.best.sightings.some((one) => isServers(one.point, end.party) && isAtTap(tap, one.point))
  );
}

/** What dials itself by another address: at its own interface the request sets out, then arrives. */
function isSetOut(theCase: ReplayCase, { tuple, direction }: PredictedSighting): boolean {
  const to = receiver(theCase)?.party;
  const { from } = theCase.dial;
  if (from.kind !== "pod" || to?.kind !== "pod" || from.name !== to.name) return false;
  const dialled = theCase.dial.tuple.destination;
  const server = direction === "request" ? tuple.destination : tuple.source;
  return isTranslated(theCase) && samePredictedEndpoint(server, dialled);
}

/**
 * An answer that the dialled node's own stack sent though a pod was to: at the node's uplink it has
 * crossed no router, while a pod's has crossed one, the node.
 */
export function nodesOwnAnswer(theCase: ReplayCase): SeenFlow | undefined {
  const end = receiver(theCase);
  if (end?.party.kind !== "pod" || theCase.dial.from.kind === "pod") return undefined;
  return repliesOf(theCase)
    .map(({ flow }) => flow)
    .find(
      ({ point, ttl, isTunnelled, tuple }) =>
        captureTapOf(point).kind === "uplink" &&
        !isTunnelled &&
        hopsOf(ttl) === 0 &&
        tuple.source.address === theCase.dial.tuple.destination.address,
    );
}
