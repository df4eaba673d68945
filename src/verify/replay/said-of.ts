/** What was seen where a user's row says what is to be seen. */
import type { RowExpectation } from "#expected/scenarios/row-expectation.js";
import type { Point } from "#verify/point.js";
import type { SeenFlow } from "./seen-flow.js";
import { captureTapOf, isAtTap } from "./tap-at.js";

interface Seen {
  readonly flows: readonly SeenFlow[];
  readonly points: readonly Point[];
}

/** Captures of all interfaces at once show what is said and what is not; nothing is said of them. */
export function saidOf({ saidOf: taps }: RowExpectation, { flows, points }: Seen): Seen {
  if (taps === undefined) return { flows, points };
  const isSaid = (point: Point): boolean => {
    const capture = captureTapOf(point);
    return capture.kind !== "any" && taps.some((tap) => isAtTap(capture, tap));
  };
  return { flows: flows.filter(({ point }) => isSaid(point)), points: points.filter(isSaid) };
}
