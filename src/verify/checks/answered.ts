import type { Exchange } from "#verify/case.js";
import type { Connection, IcmpError } from "#observed/flow/connection.js";
import { pointKey } from "#verify/point.js";
import type { Sighting } from "#verify/sighting.js";
import { wasRecordingAfter } from "#verify/coverage.js";
import { replies, requests, uplinkCapture, type CheckDefinition, type Outcome } from "./check.js";

const EXPECTED = "the pod accepts the connection";

export const answered = {
  nameFor: () => "answered" as const,
  examine(theCase: Exchange): Outcome {
    if (!theCase.row.works) {
      return notApplicable("this version of portmap is known not to make it work");
    }
    const accepted = replies(theCase).find(isAcceptance);
    const shunned = requests(theCase).find(isShunned);
    if (accepted && shunned && !requests(theCase).some(({ connection }) => wentOn(connection))) {
      return {
        verdict: "fail",
        expected: EXPECTED,
        observed: `the client resets each answer and dials again (${shunned.point})`,
        sightings: [shunned, accepted],
      };
    }
    if (accepted) {
      const observed = replyFacts(accepted.connection).isn === undefined ? "replies" : "SYN-ACK";
      return {
        verdict: "pass",
        expected: EXPECTED,
        observed: `${observed} seen at ${accepted.point}`,
        sightings: [accepted],
      };
    }
    return (
      refused(theCase) ??
      (theCase.journey.protocol === "tcp" ? unansweredTcp(theCase) : unansweredOther(theCase))
    );
  },
} satisfies CheckDefinition;

/**
 * Somebody accepts it, and the client has heard that. Datagrams have no more than replies. Of one
 * that was led elsewhere that proves nothing about the pod.
 */
export function isAnswered(theCase: Pick<Exchange, "sightings" | "journey">): boolean {
  if (theCase.sightings.some(({ stage }) => stage === "elsewhere")) return false;
  if (theCase.journey.protocol !== "tcp") return replies(theCase).length > 0;
  return requests(theCase).some(
    ({ connection }) => replyFacts(connection).isn !== undefined && wentOn(connection),
  );
}

/** A check of a port resets the answer too, but does not go on asking. */
function isShunned({ connection: { directions } }: Sighting): boolean {
  const [client, server] = directions;
  return client.resets > 0 && client.syns > 1 && server.syns > 1;
}

/** Anything but a bare refusal: a SYN-ACK, or replies that are not all resets. */
function isAcceptance({ connection, packets }: Sighting): boolean {
  const facts = replyFacts(connection);
  return facts.isn !== undefined || packets > facts.resets;
}

/** The server's direction, whichever end the flow engine took for the originator. */
function replyFacts({ directions }: Connection): Connection["directions"][0] {
  return directions[1];
}

function refused(theCase: Exchange): Outcome | undefined {
  const reset = replies(theCase).at(-1);
  if (reset) {
    return {
      verdict: "fail",
      expected: EXPECTED,
      observed: `RST from ${reset.source.address} (TTL ${reset.ttl}, ${reset.point})`,
      sightings: [reset],
    };
  }
  // An error about one datagram says nothing about those that arrive.
  if (theCase.sightings.some(({ stage }) => stage === "delivered")) return undefined;
  for (const sighting of requests(theCase)) {
    const error = sighting.connection.icmpErrors.find(isUnreachable);
    if (!error) continue;
    return {
      verdict: "fail",
      expected: EXPECTED,
      observed: `ICMP ${error.type}/${error.code} from ${error.from} (${sighting.point})`,
      sightings: [{ ...sighting, evidence: error.packet }],
    };
  }
  return undefined;
}

/**
 * Destination unreachable (RFC 792; RFC 4443 §3.1), but for 3/4: fragmentation needed asks for smaller
 * packets and ends nothing.
 */
function isUnreachable({ type, code, from }: IcmpError): boolean {
  return from.includes(":") ? type === 1 : type === 3 && code !== 4;
}

function unansweredTcp(theCase: Exchange): Outcome {
  const went = requests(theCase).find(({ connection }) => wentOn(connection));
  if (went) {
    return {
      verdict: "pass",
      expected: EXPECTED,
      observed: `the client goes on after its SYN (${went.point}); replies were not captured`,
      sightings: [went],
    };
  }
  const [sighting] = [...requests(theCase)].sort((a, b) => syns(b) - syns(a));
  if (sighting && syns(sighting) > 1) {
    return {
      verdict: "fail",
      expected: EXPECTED,
      observed: `SYN sent ${syns(sighting)} times, never answered (${sighting.point})`,
      sightings: [sighting],
    };
  }
  return {
    verdict: "inconclusive",
    expected: EXPECTED,
    observed: "one SYN and nothing after it",
    ...(sighting ? { sightings: [sighting] } : {}),
    missing: [`${uplinkCapture(theCase)} that has both directions and goes on for some seconds`],
  };
}

const syns = ({ connection }: Sighting): number => connection.directions[0].syns;

/** More than SYNs and resets from the client: it has heard from the server. */
export function wentOn({ packets, directions }: Connection): boolean {
  const [client] = directions;
  return packets[0] > client.syns + client.copies + client.resets;
}

function unansweredOther(theCase: Exchange): Outcome {
  const asked = requests(theCase);
  // Nearest to the server: on its way back NAT gives the error another source.
  const closed = asked
    .flatMap((sighting) =>
      sighting.connection.icmpErrors
        .filter(isPortUnreachable)
        .map((error) => ({ sighting, error })),
    )
    .at(-1);
  if (closed) {
    const { sighting, error } = closed;
    return {
      verdict: "fail",
      expected: EXPECTED,
      observed: `ICMP ${error.type}/${error.code} from ${error.from} (${sighting.point}), and no reply`,
      sightings: [{ ...sighting, evidence: error.packet }],
    };
  }
  if (!asked.some((sighting) => isOver(theCase, sighting))) {
    return {
      verdict: "inconclusive",
      expected: EXPECTED,
      observed: "the captures end before a reply could come",
      sightings: asked.slice(0, 1),
      missing: [`${uplinkCapture(theCase)} that has both directions and goes on for some seconds`],
    };
  }
  return notApplicable("no reply seen; not every datagram is answered");
}

/** No socket takes the datagram (RFC 1122 §4.1.3.1; RFC 4443 §3.1). */
function isPortUnreachable({ type, code, from }: IcmpError): boolean {
  return from.includes(":") ? type === 1 && code === 4 : type === 3 && code === 3;
}

/** Somebody who was to be answered soon has been: the capture ran on. */
function isOver({ points }: Exchange, { connection }: Sighting): boolean {
  const point = points.find(({ key }) => key === pointKey(connection.point));
  return point !== undefined && wasRecordingAfter(point, connection.last);
}

function notApplicable(observed: string): Outcome {
  return { verdict: "not applicable", expected: EXPECTED, observed };
}
