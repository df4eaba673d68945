/** A replayed connection in the terms of the checks that ask nothing of addresses. */
import type { Facts, Target } from "#cluster/facts.js";
import { samePredictedEndpoint } from "#expected/netfilter/predicted-tuple.js";
import type { Exchange } from "#verify/case.js";
import { inPathOrder } from "#verify/path-order.js";
import { hopsOf, type Sighting, type Stage } from "#verify/sighting.js";
import { placeOnWay } from "./place-on-way.js";
import { endpointsOf, type ReplayCase } from "./replay-case.js";
import { repliesOf, requestsOf } from "./compared.js";
import type { ComparedFlow } from "./compare.js";

export function exchangeOf(theCase: ReplayCase): Exchange {
  const { journey, points } = theCase;
  return {
    journey,
    points,
    sightings: sightingsOf(theCase),
    facts: factsOf(theCase),
    row: { works: true },
  };
}

export function sightingsOf(theCase: ReplayCase): readonly Sighting[] {
  const directed = [
    ...requestsOf(theCase).map((compared) => ({ compared, direction: "request" as const })),
    ...repliesOf(theCase).map((compared) => ({ compared, direction: "reply" as const })),
  ];
  return inPathOrder(directed, ({ compared: { flow, sighting }, direction }) => ({
    direction,
    ttl: flow.ttl,
    time: flow.connection.first,
    rank: sighting && placeOnWay(theCase.best.path, sighting),
  })).map(({ compared, direction }) => sightingOf(theCase, compared, direction));
}

function sightingOf(
  theCase: ReplayCase,
  { flow }: ComparedFlow,
  direction: Sighting["direction"],
): Sighting {
  const { source, destination } = flow.tuple;
  const server = direction === "request" ? destination : source;
  return {
    point: flow.point.name,
    place: flow.point.place,
    direction,
    stage: stageOf(theCase, server),
    source,
    destination,
    ttl: flow.ttl,
    hops: hopsOf(flow.ttl),
    packets: flow.packets,
    connection: flow.connection,
    evidence: flow.evidence,
  };
}

function stageOf(theCase: ReplayCase, server: Sighting["source"]): Stage {
  const isEndpoint = endpointsOf(theCase).some(({ tuple }) =>
    samePredictedEndpoint(tuple.destination, server),
  );
  if (isEndpoint) return "delivered";
  return samePredictedEndpoint(theCase.dial.tuple.destination, server) ? "dialled" : "elsewhere";
}

function factsOf(theCase: ReplayCase): Facts {
  const [end] = endpointsOf(theCase);
  const address = end?.tuple.destination.address;
  const pod = theCase.topology.pods.find((candidate) => candidate.address === address);
  const target: Target = {
    pod: pod?.name,
    address,
    port: undefined,
    hostPort: undefined,
    hostIP: undefined,
    protocol: theCase.journey.protocol,
    hostNetwork: false,
    node: pod?.node,
  };
  return {
    given: {
      node: undefined,
      pod: undefined,
      hostPort: undefined,
      containerPort: undefined,
      clients: undefined,
      topology: theCase.topology,
    },
    target,
  };
}
