/** Every capture point's clock against one of them, by the packets that they have in common. */
import { epochNs, type EpochNs } from "#net/types.js";
import type { Connection } from "#observed/flow/connection.js";
import { clockBounds, type ClockBounds } from "./clock-bounds.js";
import { clockPair, ONE_HOST, type ClockPair } from "./clock-pair.js";
import type { ClockEstimate, Clocks } from "./clocks.js";
import type { Journey } from "./journey.js";

export interface ClockEvidence {
  /** Joined by what is not their time. */
  readonly journeys: readonly Journey[];
  /** Names of every capture point. */
  readonly points: readonly string[];
  /** The machine whose kernel stamped a point's packets; undefined where nobody says. */
  readonly hostOf: (point: string) => string | undefined;
}

export function estimateClocks(evidence: ClockEvidence): Clocks {
  const base = earliestOf(evidence.journeys);
  const pairs = pairsOf(evidence, base);
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
  return journeys
    .flatMap(({ connections }) => connections.map((one) => one.first))
    .reduce((early, time) => (time < early ? time : early), first?.first ?? epochNs(0n));
}

interface Pairs {
  /** B against A; undefined where they have nothing in common. */
  between(a: string, b: string): ClockPair | undefined;
  /** Conversations that a point has in common with others. */
  sharedBy(point: string): number;
}

function pairsOf({ journeys, points, hostOf }: ClockEvidence, base: EpochNs): Pairs {
  const shared = new Map<string, number>();
  const bounds = new Map<string, Map<string, ClockBounds[]>>();
  for (const { connections, ambiguousWith } of journeys) {
    if (connections.length < 2 || (ambiguousWith?.length ?? 0) > 0) continue;
    for (const [a, b] of pairsWithin(connections)) {
      const found = clockBounds({ a, b }, base);
      if (found) listIn(bounds, a.point.name, b.point.name).push(found);
    }
    const names = new Set(connections.map(({ point }) => point.name));
    if (names.size < 2) continue;
    for (const name of names) shared.set(name, (shared.get(name) ?? 0) + 1);
  }
  const resolutions = resolutionsOf(journeys);
  const resolutionOf = (point: string): number => resolutions.get(point) ?? 0;
  const isOneHost = (a: string, b: string): boolean | undefined => {
    const [one, other] = [hostOf(a), hostOf(b)];
    return one === undefined || other === undefined ? undefined : one === other;
  };
  const found = new Map<string, Map<string, ClockPair>>();
  for (const a of points) {
    for (const b of points) {
      const conversations = bounds.get(a)?.get(b);
      const resolutionNs = resolutionOf(a) + resolutionOf(b);
      const pair = conversations
        ? clockPair({ conversations, isOneHost: isOneHost(a, b), resolutionNs })
        : undefined;
      if (pair) mapIn(found, a).set(b, pair);
      if (pair) mapIn(found, b).set(a, turned(pair));
    }
  }
  return {
    sharedBy: (point) => shared.get(point) ?? 0,
    between: (a, b) => found.get(a)?.get(b),
  };
}

/** Each two of different points, in the order of the points' names. */
function* pairsWithin(
  connections: readonly Connection[],
): Iterable<readonly [Connection, Connection]> {
  for (const a of connections) {
    for (const b of connections) if (a.point.name < b.point.name) yield [a, b];
  }
}

function listIn<Value>(map: Map<string, Map<string, Value[]>>, a: string, b: string): Value[] {
  const byB = mapIn(map, a);
  const list = byB.get(b) ?? [];
  byB.set(b, list);
  return list;
}

function mapIn<Value>(map: Map<string, Map<string, Value>>, key: string): Map<string, Value> {
  const inner = map.get(key) ?? new Map<string, Value>();
  map.set(key, inner);
  return inner;
}

/** The same, of A against B. */
function turned(pair: ClockPair): ClockPair {
  return {
    ...pair,
    offsetNs: -pair.offsetNs,
    slope: 1 / (1 + pair.slope) - 1,
    at: pair.at + pair.offsetNs,
  };
}

/** Resolutions that capture files have, ns; of the finest nothing is said. */
const COARSER = [1_000_000_000, 1_000_000, 1000] as const;

/** The coarsest that all of a point's times are multiples of. */
function resolutionsOf(journeys: readonly Journey[]): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  for (const { point, first, last } of journeys.flatMap(({ connections }) => connections)) {
    for (const time of [first, last]) {
      const known = found.get(point.name) ?? COARSER[0];
      if (known <= 1 || time % BigInt(known) === 0n) {
        found.set(point.name, known);
        continue;
      }
      const coarse = COARSER.find((step) => step < known && time % BigInt(step) === 0n);
      found.set(point.name, coarse ?? 1);
    }
  }
  return found;
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
  readonly pairs: Pairs;
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
