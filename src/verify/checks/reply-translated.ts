import { formatEndpoint } from "#net/five-tuple.js";
import type { Case } from "#verify/case.js";
import { pointKey } from "#verify/point.js";
import type { Sighting } from "#verify/sighting.js";
import { wentOn } from "./answered.js";
import { wasRecordingAfter } from "#verify/coverage.js";
import {
  nodesOwnReply,
  replies,
  requests,
  uplinkCapture,
  type CheckDefinition,
  type Outcome,
} from "./check.js";

export const replyTranslated: CheckDefinition = {
  nameFor: () => "reply translated back",
  examine(theCase) {
    const expected = expectedSource(theCase);
    const untranslated = replies(theCase).find(isUntranslated);
    if (untranslated) {
      return {
        verdict: "fail",
        expected,
        observed: `${formatEndpoint(untranslated.source)} (${untranslated.point})`,
        sightings: [untranslated],
      };
    }
    if (nodesOwnReply(theCase)) return nothingToTranslate(expected, "the node itself answered");
    const lost = unheard(theCase);
    if (lost) {
      const times = lost.connection.directions[1].syns;
      const observed = `the pod answers ${times} times, the client never hears it`;
      return { verdict: "fail", expected, observed, sightings: [lost] };
    }
    const seen = replies(theCase).find(({ stage }) => stage === "dialled");
    if (seen) {
      const observed = `${formatEndpoint(seen.source)} (${seen.point})`;
      return { verdict: "pass", expected, observed, sightings: [seen] };
    }
    return inferred(theCase, expected);
  },
};

function expectedSource({ facts: { target }, sightings }: Case): string {
  const dialled = sightings.find(({ stage }) => stage === "dialled");
  if (dialled) {
    const end = dialled.direction === "request" ? dialled.destination : dialled.source;
    return `from ${formatEndpoint(end)}, as dialled`;
  }
  const port = target.hostPort === undefined ? "the hostPort" : `port ${target.hostPort}`;
  return `from the node's address and ${port}, as dialled`;
}

/** Outside the node a reply must not carry the pod's address. */
function isUntranslated({ stage, place, connection }: Sighting): boolean {
  const isOutside = place.role === "uplink" || place.role === "client";
  return stage === "delivered" && isOutside && connection.tunnels.length === 0;
}

/** A client answers a SYN-ACK only when it comes from what it dialled (RFC 9293 §3.10.7.3). */
function inferred(theCase: Case, expected: string): Outcome {
  const acknowledged = requests(theCase).find(
    ({ connection, stage }) => stage === "delivered" && wentOn(connection),
  );
  if (acknowledged && theCase.journey.protocol === "tcp") {
    return {
      verdict: "pass",
      expected,
      observed: `the client acknowledges the pod's answer (${acknowledged.point})`,
      sightings: [acknowledged],
    };
  }
  const [answer] = replies(theCase);
  if (!answer) return nothingToTranslate(expected, "no reply was captured");
  const deaf = requests(theCase).find((sighting) => isDeaf(theCase, sighting, answer));
  if (deaf) {
    return {
      verdict: "fail",
      expected,
      observed: `the pod answers (${answer.point}), ${deaf.point} shows the request and no answer`,
      sightings: [answer, deaf],
    };
  }
  return {
    verdict: "inconclusive",
    expected,
    observed: `only seen at ${answer.point}, before it is translated back`,
    sightings: [answer],
    missing: [whereToLook(theCase)],
  };
}

function whereToLook(theCase: Case): string {
  const asked = requests(theCase).find(({ stage }) => stage === "dialled");
  if (!asked) return uplinkCapture(theCase);
  return `a capture of both directions at ${asked.point}: this one shows no reply, so one may be filtered`;
}

/**
 * A point that shows this request unanswered though it ran on after the answer, and shows other
 * connections answered: no filter hides it.
 */
function isDeaf(
  { journeys, journey, points }: Case,
  { stage, connection }: Sighting,
  { connection: { last } }: Sighting,
): boolean {
  if (stage !== "dialled" || connection.packets[1] > 0) return false;
  const point = points.find(({ key }) => key === pointKey(connection.point));
  if (!point || !wasRecordingAfter(point, last)) return false;
  return journeys.some(
    (other) =>
      other !== journey &&
      other.protocol === journey.protocol &&
      other.connections.some(
        ({ point, packets, responder }) =>
          pointKey(point) === pointKey(connection.point) &&
          responder.port === connection.responder.port &&
          packets[1] > 0,
      ),
  );
}

/**
 * The pod repeats its SYN-ACK and the client its SYN, and no capture shows it go on: neither hears the
 * other, however far the answer came.
 */
function unheard(theCase: Case): Sighting | undefined {
  if (theCase.journey.protocol !== "tcp") return undefined;
  if (requests(theCase).some(({ connection }) => wentOn(connection))) return undefined;
  return replies(theCase).find(isRepeatedAnswer);
}

function isRepeatedAnswer({ connection: { directions } }: Sighting): boolean {
  return directions[1].syns > 1 && directions[0].syns > 1;
}

function nothingToTranslate(expected: string, observed: string): Outcome {
  return { verdict: "not applicable", expected, observed };
}
