/** Of conversations that contradict each other about two clocks, those that most agree with. */
import { MAX_DRIFT, type ClockBounds } from "./clock-bounds.js";

interface Interval {
  readonly from: number;
  readonly to: number;
}

/**
 * Those of an offset that lies within most of them (Marzullo's algorithm, as NTP's selection of
 * servers, RFC 5905 §11.2.1). Conversations joined wrongly, or whose reply goes another way than
 * back, are the others.
 */
export function agreeing(conversations: readonly ClockBounds[]): readonly ClockBounds[] {
  const times = conversations.flatMap(({ uppers, lowers }) =>
    [...uppers, ...lowers].map(({ at }) => at),
  );
  const middle = (Math.min(...times) + Math.max(...times)) / 2;
  const intervals = conversations.map((one) => intervalOf(one, middle));
  const offset = mostCovered(intervals);
  return conversations.filter((_, index) => {
    const interval = intervals[index];
    return interval !== undefined && interval.from <= offset && offset <= interval.to;
  });
}

/** The offset in the middle of the run, whatever the drift. */
function intervalOf({ uppers, lowers }: ClockBounds, middle: number): Interval {
  const drift = (at: number): number => Math.abs(at - middle) * MAX_DRIFT;
  return {
    from: lowers.reduce((low, { at, ns }) => Math.max(low, ns - drift(at)), -Infinity),
    to: uppers.reduce((high, { at, ns }) => Math.min(high, ns + drift(at)), Infinity),
  };
}

function mostCovered(intervals: readonly Interval[]): number {
  const ends = intervals
    .filter(({ from, to }) => from <= to)
    .flatMap(({ from, to }) => [
      { at: from, step: 1 },
      { at: to, step: -1 },
    ])
    .sort((a, b) => a.at - b.at || b.step - a.step);
  let [covered, most, best] = [0, 0, 0];
  for (const { at, step } of ends) {
    covered += step;
    if (covered > most) [most, best] = [covered, at];
  }
  return best;
}
