/** What a queue and an interrupt may add between two packets, ns. */
const JITTER_NS = 2_000_000;

/** Of two clocks, twice what a crystal is off. */
const DRIFT = 200e-6;

/** Less than this many times the jitter apart, two packets may have changed places. */
const APART = 4;

/**
 * True when the same intervals lie between the times of both lists, each in ascending order and as
 * long as the other: no clock is needed to be right for that, only to go evenly. Regular intervals show
 * nothing: moved on by one they fit as well, and so do the only interval of two.
 */
export function hasSameRhythm(one: readonly bigint[], other: readonly bigint[]): boolean {
  if (one.length <= 2) return false;
  return fits(one, other) && !fits(one.slice(1), other.slice(0, -1));
}

function fits(one: readonly bigint[], other: readonly bigint[]): boolean {
  return one.slice(1).every((time, at) => {
    const interval = Number(time - (one[at] ?? time));
    const opposite = Number((other[at + 1] ?? 0n) - (other[at] ?? 0n));
    const tolerance = JITTER_NS + interval * DRIFT;
    return interval >= APART * JITTER_NS && Math.abs(interval - opposite) <= tolerance;
  });
}
