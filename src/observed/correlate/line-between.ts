/**
 * The straight lines that run above every lower and below every upper bound: an offset that may
 * drift (A. Duda and others, Estimating Global Time in Distributed Systems, ICDCS 1987).
 */
import type { ClockBound } from "./clock-bounds.js";

export interface BoundsOverTime {
  readonly uppers: readonly ClockBound[];
  readonly lowers: readonly ClockBound[];
  /** Rises of the line, ns per ns, that are possible at all: from -`maxSlope` to `maxSlope`. */
  readonly maxSlope: number;
}

export interface LineBetween {
  /** Where the lines are as good as nearest to each other. */
  readonly at: number;
  /** Lowest and highest of all lines there. */
  readonly lowest: number;
  readonly highest: number;
  /** 0 where a level line is among them, else of a line in the middle. */
  readonly slope: number;
  /** Lowest and highest there of the lines with that slope. */
  readonly floor: number;
  readonly ceiling: number;
  /** By how much no line keeps to every bound; 0 where one does. */
  readonly excess: number;
}

export function lineBetween(bounds: BoundsOverTime): LineBetween {
  // Only the corners of their hulls can touch a line.
  const hulls = {
    uppers: hullBelow(bounds.uppers),
    lowers: mirrored(hullBelow(mirrored(bounds.lowers))),
  };
  const widest = slopeOf(hulls, bounds.maxSlope);
  const excess = Math.max(0, -gapAt(hulls, widest) / 2);
  const slopes = slopeRange(hulls, { widest, excess, maxSlope: bounds.maxSlope });
  const slope = slopes.from <= 0 && slopes.to >= 0 ? 0 : (slopes.from + slopes.to) / 2;
  const fits = { hulls, slopes };
  const at = nearest(bounds, (time) => width(rangeAt(time, fits)));
  const { lowest, highest } = rangeAt(at, fits);
  const [bottom, top] = inOrder(floor(hulls.lowers, slope, at), ceiling(hulls.uppers, slope, at));
  return {
    at,
    lowest: lowest - excess,
    highest: highest + excess,
    slope,
    floor: bottom,
    ceiling: top,
    excess,
  };
}

/** Times of bounds that are tried, from the first to the last. */
const TRIED = 8;

function nearest({ uppers, lowers }: BoundsOverTime, widthAt: (time: number) => number): number {
  const times = [...uppers, ...lowers].map(({ at }) => at).sort((a, b) => a - b);
  const tried = Array.from(
    { length: TRIED + 1 },
    (_, index) => times[Math.round(((times.length - 1) * index) / TRIED)] ?? 0,
  );
  const widths = tried.map(widthAt);
  return tried[widths.indexOf(Math.min(...widths))] ?? 0;
}

type Hulls = Pick<BoundsOverTime, "uppers" | "lowers">;

const mirrored = (bounds: readonly ClockBound[]): readonly ClockBound[] =>
  bounds.map(({ at, ns }) => ({ at, ns: -ns }));

/** Corners of the convex hull that face down, in the order of time (Andrew's monotone chain). */
function hullBelow(bounds: readonly ClockBound[]): readonly ClockBound[] {
  const hull: ClockBound[] = [];
  for (const bound of bounds.toSorted((a, b) => a.at - b.at || a.ns - b.ns)) {
    while (hull.length > 0 && !turnsUp(hull, bound)) hull.pop();
    hull.push(bound);
  }
  return hull;
}

function turnsUp(hull: readonly ClockBound[], next: ClockBound): boolean {
  const last = hull.at(-1);
  const before = hull.at(-2);
  if (!last) return true;
  if (!before) return next.at > last.at || next.ns >= last.ns;
  return (
    (last.ns - before.ns) * (next.at - before.at) < (next.ns - before.ns) * (last.at - before.at)
  );
}

/** Room between the bounds for lines of this slope; negative where they cross. */
function gapAt({ uppers, lowers }: Hulls, slope: number): number {
  return ceiling(uppers, slope, 0) - floor(lowers, slope, 0);
}

/** The highest that a line of this slope may be at `at`. */
function ceiling(uppers: readonly ClockBound[], slope: number, at: number): number {
  return uppers.reduce((low, one) => Math.min(low, one.ns - slope * (one.at - at)), Infinity);
}

function floor(lowers: readonly ClockBound[], slope: number, at: number): number {
  return -ceiling(mirrored(lowers), -slope, at);
}

/** Halvings of a range of slopes: to a part in 10^15. */
const STEPS = 60;

/** The slope that has most room; 0 where a level line fits. The room is concave in the slope. */
function slopeOf(hulls: Hulls, maxSlope: number): number {
  if (gapAt(hulls, 0) >= 0) return 0;
  return highestOf((slope) => gapAt(hulls, slope), { from: -maxSlope, to: maxSlope });
}

interface Range {
  readonly from: number;
  readonly to: number;
}

/** Where a concave function is highest, by thirds. */
function highestOf(value: (at: number) => number, { from, to }: Range): number {
  let [low, high] = [from, to];
  for (let step = 0; step < 2 * STEPS; step += 1) {
    const third = (high - low) / 3;
    if (value(low + third) < value(high - third)) low += third;
    else high -= third;
  }
  return (low + high) / 2;
}

interface Fit {
  readonly widest: number;
  readonly excess: number;
  readonly maxSlope: number;
}

/** Every slope that fits is in one range around the one with most room. */
function slopeRange(hulls: Hulls, { widest, excess, maxSlope }: Fit): Range {
  const edge = (limit: number): number => {
    if (gapAt(hulls, limit) + 2 * excess >= 0) return limit;
    let [inside, outside] = [widest, limit];
    for (let step = 0; step < STEPS; step += 1) {
      const middle = (inside + outside) / 2;
      if (gapAt(hulls, middle) + 2 * excess >= 0) inside = middle;
      else outside = middle;
    }
    return inside;
  };
  return { from: edge(-maxSlope), to: edge(maxSlope) };
}

interface HeightRange {
  readonly lowest: number;
  readonly highest: number;
}

function rangeAt(
  at: number,
  { hulls, slopes }: { readonly hulls: Hulls; readonly slopes: Range },
): HeightRange {
  const top = (slope: number): number => ceiling(hulls.uppers, slope, at);
  const bottom = (slope: number): number => -floor(hulls.lowers, slope, at);
  const [lowest, highest] = inOrder(
    -bottom(highestOf(bottom, slopes)),
    top(highestOf(top, slopes)),
  );
  return { lowest, highest };
}

const width = ({ lowest, highest }: HeightRange): number => highest - lowest;

/** Where no line keeps to every bound they cross. */
function inOrder(a: number, b: number): readonly [number, number] {
  return a < b ? [a, b] : [b, a];
}
