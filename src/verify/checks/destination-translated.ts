import { formatEndpoint } from "#net/five-tuple.js";
import type { Case } from "#verify/case.js";
import { serverEnd, type Sighting } from "#verify/sighting.js";
import {
  nodesOwnReply,
  podCapture,
  requests,
  type CheckDefinition,
  type Outcome,
} from "./check.js";

export const destinationTranslated: CheckDefinition = {
  nameFor: () => "destination translated to the pod",
  examine(theCase) {
    const expected = expectedEnd(theCase);
    const wasDialled = requests(theCase).some(({ stage }) => stage === "dialled");
    const strayed = wasDialled ? theCase.sightings.find(isTranslatedElsewhere) : undefined;
    if (strayed) {
      return {
        verdict: "fail",
        expected,
        observed: `${formatEndpoint(serverEnd(strayed))} (${strayed.point})`,
        sightings: [strayed],
      };
    }
    const delivered = theCase.sightings.find(({ stage }) => stage === "delivered");
    if (delivered) {
      const end = formatEndpoint(serverEnd(delivered));
      return { verdict: "pass", expected, observed: end, sightings: [delivered] };
    }
    return onlyDialled(theCase, expected);
  },
};

function expectedEnd({ facts: { target } }: Case): string {
  const port = target.port === undefined ? "" : `:${target.port}`;
  return target.address === undefined ? "the pod's address" : `${target.address}${port}`;
}

/** Inside the node, and neither what was dialled nor the pod. */
function isTranslatedElsewhere({ stage, place, direction, connection }: Sighting): boolean {
  const isInside = place.role === "bridge" || place.role === "veth" || place.role === "pod";
  return (
    stage === "elsewhere" && direction === "request" && isInside && connection.tunnels.length === 0
  );
}

function onlyDialled(theCase: Case, expected: string): Outcome {
  const own = nodesOwnReply(theCase);
  if (own) {
    return {
      verdict: "fail",
      expected,
      observed: `not translated: the node itself answered (TTL ${own.ttl} at ${own.point})`,
      sightings: [own],
      assumptions: [
        `a pod's reply would show TTL ${own.ttl - 1} at ${own.point}: the node routes it`,
      ],
    };
  }
  const refused = refusedByNode(theCase);
  if (refused) return { verdict: "fail", expected, ...refused };
  const [dialled] = requests(theCase);
  return {
    verdict: "inconclusive",
    expected,
    observed: dialled ? `${formatEndpoint(dialled.destination)} at ${dialled.point}` : "no request",
    ...(dialled ? { sightings: [dialled] } : {}),
    missing: [podCapture(theCase)],
  };
}

/** ICMP 3/3 for a datagram that no socket of the node takes (RFC 1122 §4.1.3.1). */
function refusedByNode(theCase: Case): Pick<Outcome, "observed" | "sightings"> | undefined {
  for (const sighting of requests(theCase)) {
    const error = sighting.connection.icmpErrors.find(
      ({ type, code, from }) => type === 3 && code === 3 && from === sighting.destination.address,
    );
    if (error && theCase.journey.protocol === "udp") {
      const observed = `not translated: ${error.from} answered ICMP port unreachable`;
      return { observed, sightings: [{ ...sighting, evidence: error.packet }] };
    }
  }
  return undefined;
}
