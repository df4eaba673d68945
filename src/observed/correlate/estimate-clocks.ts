/** Every capture point's clock against one of them, by the packets that they have in common. */
import { epochNs, type EpochNs } from "#net/types.js";
import { ONE_HOST, type ClockPair } from "./clock-pair.js";
import type { ClockEvidence } from "./clock-evidence.js";
import { clockPairs, type ClockPairs } from "./clock-pairs.js";
import type { ClockEstimate, Clocks } from "./clocks.js";
import type { Journey } from "./journey.js";

export function estimateClocks(evidence: ClockEvidence): Clocks {
  const base = earliestOf(evidence.journeys);
  const pairs = clockPairs(evidence, base);
  const byPopularity = evidence.points.toSorted((a, b) => pairs.sharedBy(b) - pairs.sharedBy(a));
  const clocks = new Map<string, Clock>();
  const [reference] = byPopularity;
  const reach = { points: evidence.points, pairs, clocks };
  if (reference !== undefined) reachFrom(rootClock(reference), reach);
  for (const point of byPopularity) {
    const mate = clocks.has(point) ? undefined : hostClock(point, { evidence, clocks });
    if (!clocks.has(point)) reachFrom(mate ?? rootClock(point), reach);
  }
  const clockOf = (point: string): Clock => clocks.get(point) ?? rootClock(point);
  return {
    estimates: evidence.points.map((point) => estimateOf(clockOf(point), { base, reference })),
    toReference: (point, time) => timeAt(clockOf(point), { time, base }),
    isComparable: ({ a, b }) => clockOf(a).root === clockOf(b).root,
    uncertaintyBetween: ({ a, b }) => uncertaintyBetween(clockOf(a), clockOf(b)),
  };
}

function earliestOf(journeys: readonly Journey[]): EpochNs {
  const [first] = journeys[0]?.connections ?? [];
  let earliest = first?.first ?? epochNs(0n);
  for (const { connections } of journeys) {
    for (const one of connections) if (one.first < earliest) earliest = one.first;
  }
  return earliest;
}

/** How a point's own time leads to its root's: by way of the points in between. */
interface Clock {
  readonly point: string;
  /** The first point of all that are held together. */
  readonly root: string;
  /** The root's time is `slope` times the point's own and `shift`, ns, both since the base. */
  readonly slope: number;
  readonly shift: number;
  /** Sum over the pairs on the way; undefined where one of them has none. */
  readonly uncertaintyNs: number | undefined;
  /** What the way is chosen by. */
  readonly cost: number;
  readonly parent: Clock | undefined;
  /** The last pair on the way. */
  readonly pair: ClockPair | undefined;
}

function rootClock(point: string): Clock {
  return {
    point,
    root: point,
    slope: 1,
    shift: 0,
    uncertaintyNs: 0,
    cost: 0,
    parent: undefined,
    pair: undefined,
  };
}

interface Reach {
  readonly points: readonly string[];
  readonly pairs: ClockPairs;
  readonly clocks: Map<string, Clock>;
}

/** The way of least uncertainty to every point that can be reached (Dijkstra). */
function reachFrom(root: Clock, { points, pairs, clocks }: Reach): void {
  const open = new Map([[root.point, root]]);
  while (open.size > 0) {
    const [first, ...rest] = open.values();
    if (!first) return;
    const nearest = rest.reduce((best, one) => (one.cost < best.cost ? one : best), first);
    open.delete(nearest.point);
    clocks.set(nearest.point, nearest);
    for (const point of points) {
      const pair = clocks.has(point) ? undefined : pairs.between(nearest.point, point);
      if (!pair) continue;
      const next = nextClock(nearest, { point, pair });
      if (next.cost < (open.get(point)?.cost ?? Infinity)) open.set(point, next);
    }
  }
}

/** A host's clocks are one where they are no further apart, ns. */
const SAME_CLOCK_NS = 1e6;

/**
 * Of a point that no packet leads to: what most others of its host have. One of them alone may have
 * been changed.
 */
function hostClock(
  point: string,
  { evidence, clocks }: { readonly evidence: ClockEvidence; readonly clocks: Reach["clocks"] },
): Clock | undefined {
  const host = evidence.hostOf(point);
  if (host === undefined) return undefined;
  const mates = [...clocks.values()].filter((one) => evidence.hostOf(one.point) === host);
  const near = (clock: Clock): number =>
    mates.filter((one) => Math.abs(one.shift - clock.shift) <= SAME_CLOCK_NS).length;
  const [usual] = mates.toSorted((a, b) => near(b) - near(a));
  return usual && nextClock(usual, { point, pair: ONE_HOST });
}

/** Of two ways alike the one of fewer pairs. */
const STEP_COST = 1;

function nextClock(
  before: Clock,
  { point, pair }: { readonly point: string; readonly pair: ClockPair },
): Clock {
  // before's time t shows as t + offset + slope (t - at) here.
  const rate = 1 + pair.slope;
  const start = pair.offsetNs - pair.slope * pair.at;
  const { uncertaintyNs } = pair;
  const isKnown = uncertaintyNs !== undefined && before.uncertaintyNs !== undefined;
  return {
    point,
    root: before.root,
    slope: before.slope / rate,
    shift: before.shift - (before.slope * start) / rate,
    uncertaintyNs: isKnown ? before.uncertaintyNs + uncertaintyNs : undefined,
    cost: before.cost + (uncertaintyNs ?? 0) + STEP_COST,
    parent: before,
    pair,
  };
}

interface Frame {
  readonly base: EpochNs;
  readonly reference: string | undefined;
}

function estimateOf(clock: Clock, { base, reference }: Frame): ClockEstimate {
  const { point, slope, shift, pair, uncertaintyNs } = clock;
  const isRoot = clock.parent === undefined;
  // In the point's own time: where its last pair is known best.
  const at = pair ? pair.at + pair.offsetNs : 0;
  return {
    point,
    offsetNs: isRoot ? 0 : Math.round(at - (slope * at + shift)),
    uncertaintyNs: uncertaintyNs === undefined ? undefined : Math.ceil(uncertaintyNs),
    driftPpm: (1 / slope - 1) * 1e6,
    at: epochNs(base + BigInt(Math.round(at))),
    pairs: pair?.pairs ?? 0,
    basis: basisOf(clock, reference),
    ...(pair?.isRelayed && { isRelayed: true }),
  };
}

function basisOf(clock: Clock, reference: string | undefined): ClockEstimate["basis"] {
  if (clock.root !== reference) return "unknown";
  return weakestOf(clock);
}

const STRENGTH = ["one direction", "request and reply", "same clock"] as const;

/** Of the pairs on the way. */
function weakestOf({ parent, pair }: Clock): ClockEstimate["basis"] {
  if (!parent || !pair) return "reference";
  const before = weakestOf(parent);
  return STRENGTH.find((basis) => basis === before || basis === pair.basis) ?? pair.basis;
}

function timeAt(
  { slope, shift }: Clock,
  { time, base }: { readonly time: EpochNs; readonly base: EpochNs },
): EpochNs {
  if (slope === 1 && shift === 0) return time;
  // The slope is all but 1: of a large product only the difference from it is exact enough.
  const own = Number(time - base);
  return epochNs(time + BigInt(Math.round((slope - 1) * own + shift)));
}

/** Along the pairs that lead from one to the other: what they have in common cancels out. */
function uncertaintyBetween(a: Clock, b: Clock): number | undefined {
  if (a.root !== b.root) return undefined;
  const above = new Set<string>();
  for (let clock: Clock | undefined = a; clock; clock = clock.parent) above.add(clock.point);
  let common: Clock = b;
  while (!above.has(common.point) && common.parent) common = common.parent;
  const [one, other, shared] = [a, b, common].map(({ uncertaintyNs }) => uncertaintyNs);
  if (one === undefined || other === undefined || shared === undefined) return undefined;
  return one + other - 2 * shared;
}
