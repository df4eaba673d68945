/** The journey of a connection that no path of the model has anything to do with. */
import type { JourneyStop } from "#verify/journey-stop.js";
import { stopsAlongPath } from "#verify/stops-order.js";
import type { SeenFlow } from "./seen-flow.js";
import { observedHere } from "./stops-observed.js";

export function unjudgedStops(flows: readonly SeenFlow[]): readonly JourneyStop[] {
  return ([0, 1] as const).flatMap((side) => {
    const ordered = stopsAlongPath(
      flows.filter((flow) => flow.side === side),
      ({ ttl }) => ({ rank: undefined, ttl }),
    );
    return ordered.map((flow) => stopOf(flow));
  });
}

function stopOf(flow: SeenFlow): JourneyStop {
  return {
    point: flow.point.name,
    direction: flow.side === 0 ? "request" : "reply",
    outcome: "unjudged",
    expected: undefined,
    observed: observedHere(flow),
    why: undefined,
    rewrites: [],
  };
}
