/** The journey of a connection that no row was chosen for: what was seen, and nothing expected. */
import type { JourneyStop } from "./journey-stop.js";
import type { Sighting } from "./sighting.js";
import { observedHere } from "./stops-observed.js";
import { stopsAlongPath } from "./stops-order.js";

export function stopsOfSightings(sightings: readonly Sighting[]): readonly JourneyStop[] {
  return (["request", "reply"] as const).flatMap((direction) => {
    const seen = sightings.filter((one) => one.direction === direction);
    const ordered = stopsAlongPath(seen, ({ ttl }) => ({ rank: undefined, ttl }));
    return ordered.map((sighting): JourneyStop => ({
      point: sighting.point,
      direction,
      outcome: "unjudged",
      expected: undefined,
      observed: observedHere(sighting),
      why: undefined,
      rewrites: [],
    }));
  });
}
