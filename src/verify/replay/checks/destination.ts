import {
  formatPredictedEndpoint,
  samePredictedEndpoint,
} from "#expected/netfilter/predicted-tuple.js";
import type { ReplayCheck, ReplayOutcome } from "#verify/replay/replay-check.js";
import { endpointsOf, receiver, type ReplayCase } from "#verify/replay/replay-case.js";
import { captureAt, describeFlow } from "#verify/replay/place-words.js";
import { nodesOwnAnswer, requestsOf, serverTaps } from "#verify/replay/compared.js";

/** Where the packet is to end: at an endpoint of what was dialled, or at what was dialled itself. */
export const destination: ReplayCheck = {
  nameFor: (theCase) => (isTranslated(theCase) ? "destination translated" : "destination kept"),
  examine(theCase) {
    const end = receiver(theCase);
    if (!end) return undefined;
    const endpoints = endpointsOf(theCase).map(({ tuple }) => tuple.destination);
    const expected = [...new Set(endpoints.map(formatPredictedEndpoint))].join(" or ");
    const strayed = requestsOf(theCase).find(
      ({ flow, sighting }) => sighting === undefined && isElsewhere(theCase, flow),
    );
    if (strayed) {
      const observed = describeFlow(strayed.flow);
      return { verdict: "fail", expected, observed, flows: [strayed.flow] };
    }
    const arrived = requestsOf(theCase).find(({ sighting }) =>
      endpoints.some(
        (endpoint) =>
          sighting !== undefined && samePredictedEndpoint(sighting.tuple.destination, endpoint),
      ),
    );
    if (arrived) {
      const observed = describeFlow(arrived.flow);
      return { verdict: "pass", expected, observed, flows: [arrived.flow] };
    }
    return notYet(theCase, expected);
  },
};

function isTranslated(theCase: ReplayCase): boolean {
  return endpointsOf(theCase).some(
    ({ tuple }) => !samePredictedEndpoint(tuple.destination, theCase.dial.tuple.destination),
  );
}

/** To neither what was dialled nor one of the endpoints. */
function isElsewhere(theCase: ReplayCase, { tuple }: ReplayCase["flows"][number]): boolean {
  const known = [
    theCase.dial.tuple.destination,
    ...endpointsOf(theCase).map((end) => end.tuple.destination),
    ...theCase.branches.flatMap(({ sightings }) =>
      sightings
        .filter(({ direction }) => direction === "request")
        .map((sighting) => sighting.tuple.destination),
    ),
  ];
  return !known.some((end) => samePredictedEndpoint(end, tuple.destination));
}

function notYet(theCase: ReplayCase, expected: string): ReplayOutcome {
  const own = nodesOwnAnswer(theCase);
  if (own) {
    const observed = `not translated: ${describeFlow(own)}, the node's own answer`;
    return { verdict: "fail", expected, observed, flows: [own] };
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
