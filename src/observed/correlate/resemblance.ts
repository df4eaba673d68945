/**
 * Joins what only resembles: the candidates of two places are paired off one to one over the whole set, and
 * only pairs that no other candidate comes near are joined. Times of two capture points are never held against
 * each other: their clocks may differ by anything; the order within each is.
 */
import type { Connection } from "#observed/flow/connection.js";
import type { Legs } from "./legs.js";
import { assign, type Edge } from "./assignment.js";
import { components } from "./components.js";
import { enclosedPairs } from "./enclosed.js";
import { CLEAR_BY, RESEMBLES, RESEMBLES_AT_MOST } from "./evidence.js";
import type { Candidate, Joining } from "./joining.js";
import { placeOf } from "./place.js";
import { hasSameRhythm } from "./rhythm.js";
import { equalEnds } from "./tuple-match.js";

export function joinByResemblance(candidates: readonly Candidate[], joining: Joining): void {
  const { groups } = joining;
  const weighed = comparable(candidates, joining).flatMap((list) =>
    components(list.map(withEnds)).flatMap((component) => weigh(component, joining)),
  );
  const best = weighed.toSorted((x, y) => y.score - x.score || x.a - y.a || x.b - y.b);
  const byLeg = new Map<number, Weighed[]>();
  for (const pair of best) {
    for (const leg of [pair.a, pair.b]) push(byLeg, leg, pair);
  }
  const open: Weighed[] = [];
  for (const pair of best) {
    const { a, b, score, runnerUp, says, isBest } = pair;
    if (groups.isJoined(a, b)) continue;
    const isClear = isBest && score - runnerUp >= CLEAR_BY - EPSILON;
    const isFree = isClear && !isTaken(a, b, joining) && !hasRivalElsewhere(pair, byLeg, joining);
    if (isFree) groups.join(a, b, { says, score });
    else open.push(pair);
  }
  // Only now is it known which of them another place has decided.
  for (const { a, b, score, runnerUp } of open) {
    if (groups.isJoined(a, b)) continue;
    const isAmbiguous = score >= runnerUp - CLEAR_BY && !isTaken(a, b, joining);
    groups.rejected.push({ legs: [a, b], score, isAmbiguous });
  }
}

/**
 * What one place shows of no other conversation, another place may: a leg of a conversation that is known to be
 * another than the one's, and as much like the other's.
 */
function hasRivalElsewhere(
  { a, b, score }: Weighed,
  byLeg: ReadonlyMap<number, readonly Weighed[]>,
  joining: Joining,
): boolean {
  const { groups } = joining;
  const isRivalOf = (own: number, opposite: number): boolean =>
    groups.legsWith(own).some((leg) =>
      byLeg.get(leg)?.some((edge) => {
        const far = edge.a === leg ? edge.b : edge.a;
        if (edge.score <= score - CLEAR_BY + EPSILON) return false;
        if (groups.isJoined(far, a) || groups.isJoined(far, b)) return false;
        return isTaken(far, opposite, joining) && !isTaken(far, leg, joining);
      }),
    );
  return isRivalOf(a, b) || isRivalOf(b, a);
}

function push<Key, Value>(map: Map<Key, Value[]>, key: Key, value: Value): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}

const withEnds = (
  candidate: Candidate,
): Candidate & { readonly a: number; readonly b: number } => ({
  ...candidate,
  a: candidate.legs[0],
  b: candidate.legs[1],
});

/** Of sums of a few decimals. */
const EPSILON = 1e-9;

/** Lists of candidates between the same two places, the lesser first, or for one leg. */
function comparable(
  candidates: readonly Candidate[],
  { connections, groups }: Joining,
): readonly (readonly Candidate[])[] {
  const lists = new Map<string, Candidate[]>();
  for (const candidate of candidates) {
    const [a, b] = candidate.legs;
    const [one, other] = [connections.at(a), connections.at(b)];
    if (!one || !other || groups.isJoined(a, b)) continue;
    const [from, to] = [placeOf(one), placeOf(other)];
    const { isOneOfThese = false } = candidate;
    const turned: Candidate =
      isOneOfThese || from <= to ? candidate : { ...candidate, legs: [b, a] };
    const places = from <= to ? `${from}\n\n${to}` : `${to}\n\n${from}`;
    const key = isOneOfThese ? `${b}` : places;
    const list = lists.get(key);
    if (list) list.push(turned);
    else lists.set(key, [turned]);
  }
  return [...lists.values()];
}

interface Weighed extends Edge {
  /** Score of the best other candidate of either leg. */
  readonly runnerUp: number;
  readonly says: string;
  /** It is of the assignment that fits best over all. */
  readonly isBest: boolean;
}

function weigh(component: readonly Candidate[], joining: Joining): readonly Weighed[] {
  const { connections } = joining;
  const ordered = inOrder(component, connections);
  const enclosed = enclosedPairs(component, connections);
  const scored = component.map((candidate) => {
    const [a, b] = candidate.legs;
    const isOrdered = ordered.get(a) === b;
    return scoreOf(candidate, { isOrdered, isEnclosed: enclosed.get(a) === b, connections });
  });
  const chosen = new Set(assign(scored));
  return scored.map((edge) => ({
    ...edge,
    isBest: chosen.has(edge),
    runnerUp: Math.max(
      0,
      ...scored.filter((other) => other !== edge && isRival(edge, other)).map(({ score }) => score),
    ),
  }));
}

const isRival = (edge: Edge, other: Edge): boolean => edge.a === other.a || edge.b === other.b;

interface Surroundings {
  /** Both have the same place in the order of their captures. */
  readonly isOrdered: boolean;
  /** One file shows the question and answer of one within those of the other. */
  readonly isEnclosed: boolean;
  readonly connections: Legs;
}

/** Linux begins at 64, Windows at 128, routers at 255: a cluster's path is shorter than that. */
const MAX_HOPS = 32;

function scoreOf(
  { legs: [a, b], packets }: Candidate,
  { isOrdered, isEnclosed, connections }: Surroundings,
): Edge & { readonly says: string } {
  const [one, other] = [connections.at(a), connections.at(b)];
  const ends = one && other ? equalEnds(one, other) : 0;
  const [hops, otherHops] = [one?.directions[0].ttl?.max, other?.directions[0].ttl?.max];
  const isFar =
    hops !== undefined && otherHops !== undefined && Math.abs(hops - otherHops) > MAX_HOPS;
  const score =
    RESEMBLES.samePackets +
    (packets > 1 ? RESEMBLES.severalPackets : 0) +
    (ends > 0 ? RESEMBLES.oneEnd : 0) +
    (ends > 1 ? RESEMBLES.bothEnds : 0) +
    (isOrdered ? RESEMBLES.order : 0) +
    (isEnclosed ? RESEMBLES.enclosed : 0) +
    (isFar ? RESEMBLES.otherHopLimit : 0);
  const reasons = [
    "payload",
    ...(ends > 0 ? ["one end"] : []),
    ...(isOrdered ? ["order"] : []),
    ...(isEnclosed ? ["one question and answer within the other"] : []),
  ];
  const isCooked = [one, other].every((connection) => connection && isWithoutInterface(connection));
  const weaker = isCooked ? " in a capture without interfaces" : "";
  return {
    a,
    b,
    score: Math.round(Math.min(score, RESEMBLES_AT_MOST) * 100) / 100,
    says: `equal ${reasons.join(", ")}${weaker}`,
  };
}

/** Linux cooked v1: the direction is known, the interface not. */
const isWithoutInterface = ({ point }: Connection): boolean =>
  point.direction !== undefined && point.interface === undefined;

/**
 * Where as many came out as went in, at the same intervals: each leg's counterpart by its rank. One
 * that was lost on the way shifts all behind it, which their intervals show.
 */
function inOrder(component: readonly Candidate[], connections: Legs): ReadonlyMap<number, number> {
  const lefts = byTime(
    component.map(({ legs: [a] }) => a),
    connections,
  );
  const rights = byTime(
    component.map(({ legs: [, b] }) => b),
    connections,
  );
  if (lefts.length < 2 || lefts.length !== rights.length) return new Map();
  const times = [lefts, rights].map((legs) => legs.map((leg) => connections.at(leg)?.first ?? 0n));
  if (!hasSameRhythm(times[0] ?? [], times[1] ?? [])) return new Map();
  return new Map(lefts.map((leg, rank) => [leg, rights[rank] ?? leg]));
}

function byTime(legs: readonly number[], connections: Legs): readonly number[] {
  const first = (leg: number): bigint => connections.at(leg)?.first ?? 0n;
  return [...new Set(legs)].sort((a, b) =>
    first(a) < first(b) ? -1 : first(a) > first(b) ? 1 : a - b,
  );
}

/** Joined, one place would show two conversations as one. */
function isTaken(a: number, b: number, { connections, groups, conntrack }: Joining): boolean {
  return groups.legsWith(a).some((leg) =>
    groups.legsWith(b).some((other) => {
      const [one, also] = [connections.at(leg), connections.at(other)];
      if (!one || !also) return false;
      return conntrack.keepsApart(leg, other) || placeOf(one) === placeOf(also);
    }),
  );
}
