import type { JourneyStop } from "#verify/journey-stop.js";
import { describeTime } from "./describe-time.js";
import type { JourneyStopDocument } from "./journey-schema.js";

export function stopDocument(stop: JourneyStop): JourneyStopDocument {
  const { point, direction, outcome, expected, observed, why, rewrites } = stop;
  return {
    point,
    direction,
    outcome,
    expected: expected ?? null,
    observed: observed ? observedDocument(observed) : null,
    why: why ?? null,
    rewrites: rewrites.map((rewrite) => ({
      ...rewrite,
      file: rewrite.file ?? null,
      line: rewrite.line ?? null,
    })),
  };
}

function observedDocument(
  observed: NonNullable<JourneyStop["observed"]>,
): NonNullable<JourneyStopDocument["observed"]> {
  const { source, destination, ttl, packets, first, evidence } = observed;
  return {
    source,
    destination,
    ttl: ttl ?? null,
    packets,
    first: first === undefined ? null : (describeTime(first) ?? null),
    evidence: { file: evidence.file, packet: evidence.packet },
  };
}
