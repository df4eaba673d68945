import {
  formatPredictedEndpoint,
  samePredictedEndpoint,
} from "#expected/netfilter/predicted-tuple.js";
import { wentOn } from "#verify/checks/answered.js";
import { isAtServer, nodesOwnAnswer, repliesOf, requestsOf } from "#verify/replay/compared.js";
import type { Party } from "#expected/network/path.js";
import type { TapPoint } from "#expected/taps/predicted-sighting.js";
import type { ComparedFlow } from "#verify/replay/compare.js";
import { describeFlow } from "#verify/replay/place-words.js";
import { receiver, type ReplayCase } from "#verify/replay/replay-case.js";
import type { ReplayCheck, ReplayOutcome } from "#verify/replay/replay-check.js";
import type { SeenFlow } from "#verify/replay/seen-flow.js";
import { captureTapOf, isAtTap } from "#verify/replay/tap-at.js";

/** The client knows its answer by the address it dialled. */
export const reply: ReplayCheck = {
  nameFor: () => "reply translated back",
  examine(theCase) {
    if (!receiver(theCase)) return undefined;
    const dialled = theCase.dial.tuple.destination;
    const expected = `from ${formatPredictedEndpoint(dialled)}, as dialled`;
    const strange = repliesOf(theCase).find((compared) => hasStrangeSource(theCase, compared));
    if (strange && !nodesOwnAnswer(theCase)) {
      const observed = describeFlow(strange.flow);
      return { verdict: "fail", expected, observed, flows: [strange.flow] };
    }
    const lost = unheard(theCase);
    if (lost) {
      const times = lost.connection.directions[1].syns;
      const observed = `the server answers ${times} times, the client never hears it`;
      return { verdict: "fail", expected, observed, flows: [lost] };
    }
    const back = repliesOf(theCase).find(
      ({ sighting }) =>
        sighting !== undefined &&
        isNearDialler(theCase.dial.from, sighting.point) &&
        samePredictedEndpoint(sighting.tuple.source, dialled) &&
        samePredictedEndpoint(sighting.tuple.destination, theCase.dial.tuple.source),
    );
    if (back) {
      const observed = describeFlow(back.flow);
      return { verdict: "pass", expected, observed, flows: [back.flow] };
    }
    return inferred(theCase, expected);
  },
};

/** Behind its server's node an answer that needs no translation has not come back yet. */
function isNearDialler(from: Party, { namespace, kind, pod }: TapPoint): boolean {
  if (from.kind === "outside") return namespace.kind === "outside" || kind === "uplink";
  if (namespace.kind === "outside") return false;
  const isOwn = namespace.kind === from.kind && namespace.name === from.name;
  return isOwn || (from.kind === "pod" && kind === "veth" && pod === from.name);
}

/** From another address than the model has answers come from at this point. */
function hasStrangeSource({ best, dial }: ReplayCase, { flow, sighting }: ComparedFlow): boolean {
  const isDialled = samePredictedEndpoint(flow.tuple.source, dial.tuple.destination);
  if (sighting !== undefined || isDialled) return false;
  const tap = captureTapOf(flow.point);
  const foretold = best.sightings.filter(
    (one) => one.direction === "reply" && isAtTap(tap, one.point),
  );
  return (
    foretold.length > 0 &&
    !foretold.some(({ tuple }) => samePredictedEndpoint(tuple.source, flow.tuple.source))
  );
}

/** A client answers a SYN-ACK only when it comes from what it dialled (RFC 9293 §3.10.7.3). */
function inferred(theCase: ReplayCase, expected: string): ReplayOutcome {
  const acknowledged = requestsOf(theCase).find(
    (compared) => isAtServer(theCase, compared) && wentOn(compared.flow.connection),
  );
  if (acknowledged && theCase.journey.protocol === "tcp") {
    const observed = `the client acknowledges the answer (${acknowledged.flow.point.name})`;
    return { verdict: "pass", expected, observed, flows: [acknowledged.flow] };
  }
  const [answer] = repliesOf(theCase);
  if (!answer) return { verdict: "not applicable", expected, observed: "no reply was captured" };
  return {
    verdict: "inconclusive",
    expected,
    observed: `only ${describeFlow(answer.flow)}, before it is translated back`,
    flows: [answer.flow],
    missing: ["a capture at the client, or where its packets enter the node, of both directions"],
  };
}

/** The server repeats its SYN-ACK and the client its SYN, and no capture shows it go on: neither hears the other. */
function unheard(theCase: ReplayCase): SeenFlow | undefined {
  if (requestsOf(theCase).some(({ flow }) => wentOn(flow.connection))) return undefined;
  return repliesOf(theCase).find(({ flow: { connection } }) => isRepeated(connection))?.flow;
}

function isRepeated({ directions }: SeenFlow["connection"]): boolean {
  return directions[1].syns > 1 && directions[0].syns > 1;
}
