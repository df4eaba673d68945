/** Every two capture points' clocks against each other, by conversations that both show. */
import type { EpochNs } from "#net/types.js";
import { clockBounds, type ClockBounds, type ConnectionPair } from "./clock-bounds.js";
import type { ClockEvidence } from "./clock-evidence.js";
import type { ClockPair } from "./clock-pair.js";
import type { Journey } from "./journey.js";
import { listIn, mapIn } from "./nested-maps.js";
import { PointPairs } from "./point-pairs.js";
import { addRelayed } from "./relayed-pairs.js";

export interface ClockPairs {
  /** B against A; undefined where they have nothing in common. */
  between(a: string, b: string): ClockPair | undefined;
  /** Conversations that a point has in common with others. */
  sharedBy(point: string): number;
}

/**
 * Of two points' conversations, at most so many, evenly over all from the first to the last: each
 * bounds the offset truly, so that fewer leave it more uncertain, which is said, and never wrong.
 */
const MAX_CONVERSATIONS = 1000;

export function clockPairs(evidence: ClockEvidence, base: EpochNs): ClockPairs {
  const { journeys, points, hostOf } = evidence;
  const { counts, shared } = countShared(journeys);
  const conversations = sampledBounds({ journeys, counts, base });
  const kept = new PointPairs({ resolutions: resolutionsOf(journeys), hostOf });
  for (const a of points) {
    for (const b of points) {
      const bounds = conversations.get(a)?.get(b);
      if (bounds) kept.set({ a, b }, kept.pairOf({ a, b }, bounds));
    }
  }
  addRelayed(kept, { evidence, base });
  return {
    sharedBy: (point) => shared.get(point) ?? 0,
    between: (a, b) => kept.between({ a, b }),
  };
}

interface Shared {
  /** Of every two points, pairs of connections. */
  readonly counts: ReadonlyMap<string, ReadonlyMap<string, number>>;
  /** Of a point, conversations that another has too. */
  readonly shared: ReadonlyMap<string, number>;
}

function countShared(journeys: readonly Journey[]): Shared {
  const counts = new Map<string, Map<string, number>>();
  const shared = new Map<string, number>();
  for (const journey of journeys) {
    if (!isSure(journey)) continue;
    for (const { a, b } of pairsWithin(journey))
      countOne(mapIn(counts, a.point.name), b.point.name);
    const names = new Set(journey.connections.map(({ point }) => point.name));
    if (names.size > 1) for (const name of names) countOne(shared, name);
  }
  return { counts, shared };
}

/** What may be joined wrongly holds no clock. */
const isSure = ({ connections, ambiguousWith }: Journey): boolean =>
  connections.length > 1 && (ambiguousWith?.length ?? 0) === 0;

interface Sampled extends Pick<Shared, "counts"> {
  readonly journeys: readonly Journey[];
  readonly base: EpochNs;
}

type BoundsByPoints = ReadonlyMap<string, ReadonlyMap<string, readonly ClockBounds[]>>;

function sampledBounds({ journeys, counts, base }: Sampled): BoundsByPoints {
  const bounds = new Map<string, Map<string, ClockBounds[]>>();
  const met = new Map<string, Map<string, number>>();
  for (const journey of journeys) {
    if (!isSure(journey)) continue;
    for (const { a, b } of pairsWithin(journey)) {
      const [from, to] = [a.point.name, b.point.name];
      const at = countOne(mapIn(met, from), to) - 1;
      if (!isSampled(at, counts.get(from)?.get(to) ?? 0)) continue;
      const found = clockBounds({ a, b }, base);
      if (found) listIn(bounds, from, to).push(found);
    }
  }
  return bounds;
}

/** Of `count` things from 0, first and last among them, as many as are wanted of them at most. */
function isSampled(at: number, count: number): boolean {
  if (count <= MAX_CONVERSATIONS || at === count - 1) return true;
  const wanted = MAX_CONVERSATIONS - 1;
  return Math.floor((at * wanted) / count) !== Math.floor(((at - 1) * wanted) / count);
}

/** Each two of different points, in the order of the points' names. */
function* pairsWithin({ connections }: Journey): Iterable<ConnectionPair> {
  for (const a of connections) {
    for (const b of connections) if (a.point.name < b.point.name) yield { a, b };
  }
}

/** @returns the new count */
function countOne(counts: Map<string, number>, key: string): number {
  const count = (counts.get(key) ?? 0) + 1;
  counts.set(key, count);
  return count;
}

/** Resolutions that capture files have, ns; of the finest nothing is said. */
const COARSER = [1_000_000_000, 1_000_000, 1000] as const;

/** The coarsest that all of a point's times are multiples of. */
function resolutionsOf(journeys: readonly Journey[]): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  for (const { connections } of journeys) {
    for (const { point, first, last } of connections) {
      const known = found.get(point.name) ?? COARSER[0];
      found.set(point.name, resolutionWith(last, resolutionWith(first, known)));
    }
  }
  return found;
}

/** Of a point whose other times are multiples of `known`. */
function resolutionWith(time: EpochNs, known: number): number {
  if (known <= 1 || time % BigInt(known) === 0n) return known;
  return COARSER.find((step) => step < known && time % BigInt(step) === 0n) ?? 1;
}
