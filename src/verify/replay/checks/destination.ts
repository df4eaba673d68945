import {
  formatPredictedEndpoint,
  samePredictedEndpoint,
} from "#expected/netfilter/predicted-tuple.js";
import type { ReplayCheck, ReplayOutcome } from "#verify/replay/replay-check.js";
import { endpointsOf, receiver, type ReplayCase } from "#verify/replay/replay-case.js";
import type { ComparedFlow } from "#verify/replay/compare.js";
import { captureAt, describeFlow } from "#verify/replay/place-words.js";
import {
  goingRound,
  isAtServer,
  isTranslated,
  nodesOwnAnswer,
  requestsOf,
  serverTaps,
  strayedRequest,
  untranslatedRequest,
} from "#verify/replay/compared.js";

/** Where the packet is to end: at an endpoint of what was dialled, or at what was dialled itself. */
export const destination: ReplayCheck = {
  nameFor: (theCase) => (isTranslated(theCase) ? "destination translated" : "destination kept"),
  examine(theCase) {
    const end = receiver(theCase);
    if (!end) return undefined;
    const endpoints = endpointsOf(theCase).map(({ tuple }) => tuple.destination);
    const expected = [...new Set(endpoints.map(formatPredictedEndpoint))].join(" or ");
    const strayed = strayedRequest(theCase);
    if (strayed) {
      return { verdict: "fail", expected, observed: describeFlow(strayed), flows: [strayed] };
    }
    const arrived = requestsOf(theCase).find(
      (compared) => goesThere(theCase, compared) || isAtServer(theCase, compared),
    );
    if (arrived) {
      const observed = describeFlow(arrived.flow);
      return { verdict: "pass", expected, observed, flows: [arrived.flow] };
    }
    return notYet(theCase, expected);
  },
};

function goesThere(theCase: ReplayCase, { sighting }: ComparedFlow): boolean {
  return endpointsOf(theCase).some(
    ({ tuple }) =>
      sighting !== undefined &&
      samePredictedEndpoint(sighting.tuple.destination, tuple.destination),
  );
}

function notYet(theCase: ReplayCase, expected: string): ReplayOutcome {
  const own = nodesOwnAnswer(theCase);
  if (own) {
    const observed = `not translated: ${describeFlow(own)}, the node's own answer`;
    return { verdict: "fail", expected, observed, flows: [own] };
  }
  const still = isTranslated(theCase) ? untranslatedRequest(theCase) : undefined;
  if (still) {
    const observed = `not translated: ${describeFlow(still)}`;
    return { verdict: "fail", expected, observed, flows: [still] };
  }
  const going = isTranslated(theCase) ? goingRound(theCase) : undefined;
  if (going) {
    const { max, min } = going.connection.directions[going.side].ttl ?? { max: 0, min: 0 };
    const observed = `not translated: ${describeFlow(going)} again and again, TTL ${max} to ${min}`;
    return { verdict: "fail", expected, observed, flows: [going] };
  }
  const [seen] = requestsOf(theCase);
  return {
    verdict: "inconclusive",
    expected,
    observed: seen ? `only ${describeFlow(seen.flow)}` : "no request was captured",
    ...(seen ? { flows: [seen.flow] } : {}),
    missing: serverTaps(theCase).slice(0, 1).map(captureAt),
  };
}
