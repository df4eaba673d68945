import {
  formatPredictedEndpoint,
  samePredictedEndpoint,
} from "#expected/netfilter/predicted-tuple.js";
import { isAtServer, requestsOf, serverTaps } from "#verify/replay/compared.js";
import { captureAt, describeFlow } from "#verify/replay/place-words.js";
import { endpointsOf, receiver, type ReplayCase } from "#verify/replay/replay-case.js";
import type { ReplayCheck } from "#verify/replay/replay-check.js";
import { delivered } from "./delivered.js";
import type { SeenFlow } from "#verify/replay/seen-flow.js";

/** The source that the server sees: the client's own, or the one that masquerading gives it. */
export const source: ReplayCheck = {
  nameFor: (theCase) => (isKept(theCase) ? "source kept" : "source masqueraded"),
  examine(theCase) {
    const end = receiver(theCase);
    if (!end) return undefined;
    const expected = formatPredictedEndpoint(end.tuple.source);
    const rewritten = requestsOf(theCase).find(
      ({ flow, sighting }) => sighting === undefined && isOnItsWay(theCase, flow),
    );
    if (rewritten) {
      const observed = describeFlow(rewritten.flow);
      return { verdict: "fail", expected, observed, flows: [rewritten.flow] };
    }
    const final = requestsOf(theCase).filter(
      (compared) => compared.sighting !== undefined && isAtServer(theCase, compared),
    );
    const [seen] = final;
    if (seen) {
      const observed = describeFlow(seen.flow);
      return { verdict: "pass", expected, observed, flows: final.map(({ flow }) => flow) };
    }
    if (delivered.examine(theCase)?.verdict === "fail") {
      return { verdict: "not applicable", expected, observed: "the server never gets it" };
    }
    return {
      verdict: "inconclusive",
      expected,
      observed: "no capture shows the request as the server gets it",
      missing: serverTaps(theCase).slice(0, 1).map(captureAt),
    };
  },
};

function isKept(theCase: ReplayCase): boolean {
  const end = receiver(theCase);
  return end === undefined || end.tuple.source.address === theCase.dial.tuple.source.address;
}

/** Goes where the model sends it, and comes from where the model does not have it come from. */
function isOnItsWay(theCase: ReplayCase, { tuple }: SeenFlow): boolean {
  const ways = [
    theCase.dial.tuple.destination,
    ...endpointsOf(theCase).map((end) => end.tuple.destination),
  ];
  if (!ways.some((end) => samePredictedEndpoint(end, tuple.destination))) return false;
  const isDialled = tuple.source.address === theCase.dial.tuple.source.address;
  const sources = theCase.best.sightings
    .filter(({ direction }) => direction === "request")
    .map((sighting) => sighting.tuple.source.address);
  // The client's own is wrong only once the model has replaced it: there it has arrived.
  return isDialled ? hasArrived(theCase, tuple) : !sources.includes(tuple.source.address);
}

function hasArrived(
  theCase: ReplayCase,
  { destination, source: from }: SeenFlow["tuple"],
): boolean {
  const end = receiver(theCase);
  return (
    end !== undefined &&
    samePredictedEndpoint(end.tuple.destination, destination) &&
    end.tuple.source.address !== from.address
  );
}
