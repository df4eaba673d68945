/** Stops in the order in which a ladder draws them: without steps to and fro that no packet takes. */
import type { LadderStop } from "./ladder-stops.js";

/** Same tuple, same outcome. */
export function isAlike(a: LadderStop, b: LadderStop): boolean {
  return a.outcome === b.outcome && a.observed === b.observed && a.expected === b.expected;
}

export interface DrawnOrder {
  /** One after the other. */
  readonly along: readonly LadderStop[];
  /** What nothing foretold where the packet had been seen already: it is none of its steps. */
  readonly aside: readonly LadderStop[];
}

/** Of one direction; `placeOf` is the column of a point. */
export function inDrawnOrder(
  stops: readonly LadderStop[],
  placeOf: (point: string) => number,
): DrawnOrder {
  const along = [...stops];
  for (let at = 0; at + 1 < along.length; at++) {
    const [one, next] = along.slice(at, at + 2);
    if (!one || !next || !isOnePlace(one, next)) continue;
    const step = placeOf(next.point) - placeOf(one.point);
    if (step !== (one.direction === "request" ? -1 : 1)) continue;
    along.splice(at, 2, { ...next, rewrites: one.rewrites }, { ...one, rewrites: [] });
    at++;
  }
  const isAside = ({ outcome, point }: LadderStop, at: number): boolean =>
    outcome === "stray" && along.slice(0, at).some((earlier) => earlier.point === point);
  return { along: along.filter((stop, at) => !isAside(stop, at)), aside: along.filter(isAside) };
}

/** A capture of one interface, and what a capture of all shows of it: the packet is there once. */
function isOnePlace(one: LadderStop, next: LadderStop): boolean {
  return isAny(one) !== isAny(next) && next.rewrites.length === 0 && isAlike(one, next);
}

function isAny({ point }: LadderStop): boolean {
  return /[./]any(\W|$)/.test(point);
}
