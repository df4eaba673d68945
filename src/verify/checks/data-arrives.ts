/** A handshake is small: what is lost later, at an MTU or by a rule for large packets, shows in data. */
import { repeatedData } from "#observed/flow/repeated-data.js";
import type { Exchange } from "#verify/case.js";
import type { Sighting } from "#verify/sighting.js";
import { HANDSHAKE_NEEDED, wasRecordingAfter } from "#verify/coverage.js";
import { replies, requests, uplinkCapture, type CheckDefinition, type Outcome } from "./check.js";

const EXPECTED = "what one side sends the other acknowledges";

export const dataArrives = {
  nameFor: () => "data arrives" as const,
  examine(theCase: Exchange): Outcome {
    const isTcp = theCase.journey.protocol === "tcp";
    const data = theCase.sightings.filter(({ direction, connection }) =>
      isTcp ? connection.payloadBytes[direction === "request" ? 0 : 1] > 0 : false,
    );
    if (data.length === 0) {
      const silent = isTcp ? theCase.sightings.find((seen) => isSilent(theCase, seen)) : undefined;
      if (silent) return staysSilent(theCase, silent);
      return { verdict: "not applicable", expected: EXPECTED, observed: "no data was captured" };
    }
    return (
      lostBetween(theCase, requests(theCase)) ??
      lostBetween(theCase, replies(theCase)) ??
      unheard(theCase)
    );
  },
} satisfies CheckDefinition;

/** Long enough for a request to have been repeated (RFC 6298 §2: an RTO of 1 s at first). */
const SILENCE_NS = 1_000_000_000n;

/** Open, idle from the handshake on and never closed, though the capture went on. */
function isSilent({ points }: Exchange, { point: name, connection }: Sighting): boolean {
  const { history, directions, first } = connection;
  const isOpen = directions[1].isn !== undefined && /^\^?S?hA/.test(history);
  const point = points.find((candidate) => candidate.name === name);
  const ranOn = point?.last !== undefined && point.last - first >= SILENCE_NS;
  return isOpen && ranOn && !/[FfRr]/.test(history);
}

function staysSilent(theCase: Exchange, silent: Sighting): Outcome {
  return {
    verdict: "inconclusive",
    expected: EXPECTED,
    observed: `open and silent at ${silent.point}: nothing was sent, or it is lost before this point`,
    sightings: [silent],
    missing: [uplinkCapture(theCase)],
  };
}

/**
 * Bytes that one point saw and another did not, of a direction whose beginning both saw and whose
 * sender repeats itself, or that was reset. A capture that only ended early shows neither.
 */
function lostBetween(theCase: Exchange, sightings: readonly Sighting[]): Outcome | undefined {
  const side = sightings[0]?.direction === "reply" ? 1 : 0;
  const whole = sightings.filter(({ connection }) => connection.directions[side].isn !== undefined);
  // A bare FIN or reset carries the sequence number behind data that was never seen here.
  const bytes = ({ connection }: Sighting): number =>
    connection.directions[side].firstPayloadLength === undefined
      ? 0
      : connection.payloadBytes[side];
  const [most] = [...whole].sort((a, b) => bytes(b) - bytes(a));
  const [least] = [...whole].sort((a, b) => bytes(a) - bytes(b));
  if (!most || !least || bytes(most) === bytes(least)) return undefined;
  const isRepeated = repeatedData(most.connection.directions[side]) > 0;
  const isReset = most.connection.directions.some(({ resets }) => resets > 0);
  if ((!isRepeated && !isReset) || !ranOnAt(theCase, least, most)) return undefined;
  const how = isRepeated ? "sent again and again" : "and then a reset";
  return {
    verdict: "fail",
    expected: EXPECTED,
    observed: `${bytes(most)} bytes at ${most.point}, ${how}; ${bytes(least)} bytes at ${least.point}`,
    sightings: [most, least],
  };
}

/** The point that saw less went on recording when the other had seen the last of it. */
function ranOnAt({ points }: Exchange, least: Sighting, most: Sighting): boolean {
  const point = points.find(({ name }) => name === least.point);
  return point !== undefined && wasRecordingAfter(point, most.connection.last);
}

/** One side repeats data and the other, which was captured, never acknowledges any. */
function unheard(theCase: Exchange): Outcome {
  const heldUp = theCase.sightings.filter(isRepeatedUnheard);
  const sure = heldUp.find((sighting) => isOtherHeard(sighting));
  const unsure = heldUp.find((sighting) => mayBeUnheard(theCase, sighting));
  const sighting = sure ?? unsure;
  if (sighting) {
    const times = repeatedData(sighting.connection.directions[sideOf(sighting)]);
    const who = sideOf(sighting) === 0 ? "the client's" : "the server's";
    const repeated = `${who} data repeated ${times} times at ${sighting.point}`;
    return {
      verdict: sure ? "fail" : "inconclusive",
      expected: EXPECTED,
      observed: sure
        ? `${repeated}, never acknowledged`
        : `${repeated}, and no acknowledgement was captured there`,
      sightings: [sighting],
      ...(sure ? {} : { missing: [HANDSHAKE_NEEDED] }),
    };
  }
  const [seen] = theCase.sightings;
  return {
    verdict: "pass",
    expected: EXPECTED,
    observed: "no data is repeated without an answer",
    ...(seen ? { sightings: [seen] } : {}),
  };
}

const sideOf = ({ direction }: Sighting): 0 | 1 => (direction === "request" ? 0 : 1);
const factsOf = (sighting: Sighting) => sighting.connection.directions[sideOf(sighting)];

function isRepeatedUnheard(sighting: Sighting): boolean {
  const facts = factsOf(sighting);
  const isRepeated = facts.firstPayloadLength !== undefined && repeatedData(facts) > 1;
  return isRepeated && facts.isDataAcknowledged === false;
}

function isOtherSeen({ direction, connection: { packets } }: Sighting): boolean {
  return packets[direction === "request" ? 1 : 0] > 0;
}

/** Zeek's history: `h` the handshake was answered, so both sides were captured. */
function isOtherHeard(sighting: Sighting): boolean {
  return isOtherSeen(sighting) && sighting.connection.history.includes("h");
}

/** Bytes: more than this a sender has out only when some were acknowledged (RFC 6928 §2). */
const INITIAL_WINDOW = 14_600;

/** Of a direction captured alone, acknowledgements seen elsewhere or sending on are an answer. */
function mayBeUnheard({ sightings }: Exchange, sighting: Sighting): boolean {
  if (isOtherSeen(sighting)) return true;
  if (sighting.connection.payloadBytes[sideOf(sighting)] > INITIAL_WINDOW) return false;
  return !sightings.some(
    (one) => one.direction === sighting.direction && factsOf(one).isDataAcknowledged === true,
  );
}
