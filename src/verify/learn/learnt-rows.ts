/** Connections of one kind as one row: what every one of them showed must be seen, the rest may. */
import type { Feature } from "#expected/scenarios/features.js";
import type { PathPoint, PathRow, RowEnd, RowTuple } from "#expected/scenarios/path-row.js";
import type { PacketReference } from "#observed/flow/connection.js";
import type { LeftOut, Observation, SeenInWords } from "./observation.js";
import { POINT_ORDER } from "./row-words.js";

export interface LearntRow {
  readonly row: PathRow;
  readonly about: Feature | undefined;
  /** Ids of the connections that it was learnt from. */
  readonly ids: readonly string[];
  readonly points: readonly LearntPoint[];
}

export interface LearntPoint {
  readonly point: PathPoint;
  /** How many of the connections show it. */
  readonly count: number;
  /** Of the first one. */
  readonly evidence: PacketReference;
}

export interface Learnt {
  readonly rows: readonly LearntRow[];
  readonly leftOut: readonly LeftOut[];
}

/** One row per kind of connection; connections of a kind that contradict each other give none. */
export function learntRows(observations: readonly Observation[]): Learnt {
  const kinds = new Map<string, Observation[]>();
  for (const one of observations) {
    const key = JSON.stringify(kindOf(one));
    kinds.set(key, [...(kinds.get(key) ?? []), one]);
  }
  const found = [...kinds.values()].map(rowOf);
  return {
    rows: found.flatMap((one) => ("row" in one ? one : [])),
    leftOut: found.flatMap((one) => ("row" in one ? [] : one.leftOut)),
  };
}

function kindOf({ situation, about }: Observation) {
  const { client, dialled, endpoint, policy } = situation;
  return { client, dialled, endpoint, policy, about };
}

function rowOf(kind: readonly Observation[]): LearntRow | { readonly leftOut: readonly LeftOut[] } {
  const [first] = kind;
  if (!first) return { leftOut: [] };
  const outcomes = [...new Set(kind.map(({ outcome }) => outcome))];
  if (outcomes.length > 1) return contradicting(kind, `some are ${outcomes.join(", others ")}`);
  const isDelivered = first.outcome === "answered" || first.outcome === "unrecognised";
  const source = isDelivered ? commonOf(kind.map(({ sources }) => sources)) : undefined;
  if (isDelivered && source === undefined) {
    const words = [...new Set(kind.map(({ sources }) => sources[0] ?? "nobody"))];
    return contradicting(kind, `their servers see ${words.join(", others ")}`);
  }
  const points = pointsOf(kind);
  const { about, ...words } = kindOf(first);
  const { policy, ...ends } = words;
  return {
    row: {
      ...ends,
      ...(policy === undefined ? {} : { policy }),
      name: first.builtIn?.name ?? Object.values(words).filter(Boolean).join(", "),
      outcome: first.outcome,
      source,
      points: points.map(({ point }) => point),
      rules: first.builtIn?.rules ?? [],
      why: first.builtIn?.why ?? "",
      reference: "",
    },
    about,
    ids: kind.map(({ id }) => id),
    points,
  };
}

function contradicting(kind: readonly Observation[], how: string) {
  const ids = kind.map(({ id }) => id).join(" ");
  return { leftOut: kind.map(({ id }) => ({ id, why: `${ids} are of one kind, and ${how}` })) };
}

/** The plainest word that is true of all. */
function commonOf(lists: readonly (readonly RowEnd[])[]): RowEnd | undefined {
  return lists[0]?.find((word) => lists.every((list) => list.includes(word)));
}

type Line = Omit<LearntPoint, "point"> &
  Pick<SeenInWords, "at" | "direction" | "form"> & { readonly tuple: RowTuple };

function pointsOf(kind: readonly Observation[]): readonly LearntPoint[] {
  const lines = linesOf(kind);
  const whole = kind.length;
  const points = lines.flatMap((line): LearntPoint[] => {
    const { at, form, direction, tuple, count, evidence } = line;
    const isSure = count === whole;
    const other = lines.find((one) => one !== line && isCounterpart(one, line));
    // Both directions of every connection are one line.
    if (isSure && other?.count === whole && direction === "reply") return [];
    const isPair = isSure && other?.count === whole;
    const shown = {
      request: direction === "request" ? tuple : undefined,
      reply: direction === "reply" ? tuple : undefined,
    };
    const both = isPair ? { request: tuple, reply: other.tuple } : shown;
    const why = isSure ? undefined : `${count} of ${whole} connections showed it`;
    return [{ point: { at, ...both, form, seen: isSure ? "must" : "may", why }, count, evidence }];
  });
  return points.toSorted((a, b) => orderOf(a) - orderOf(b));
}

const orderOf = ({ point }: LearntPoint): number => POINT_ORDER.indexOf(point.at);

/** The only line of the other direction at the same point. */
function isCounterpart(a: Line, b: Line): boolean {
  return a.at === b.at && a.form === b.form && a.direction !== b.direction;
}

/** At each point the words that are true of most, then of most of the rest. */
function linesOf(kind: readonly Observation[]): readonly Line[] {
  const lines: Line[] = [];
  let rest = kind.flatMap(({ id, seen }) => seen.map((one) => ({ id, one })));
  while (rest[0]) {
    const [{ one }] = rest as [(typeof rest)[number]];
    const alike = rest.filter(
      ({ one: { at, direction, form } }) =>
        at === one.at && direction === one.direction && form === one.form,
    );
    const ranked = one.tuples.map((tuple) => ({
      tuple,
      by: alike.filter((other) => other.one.tuples.includes(tuple)),
    }));
    const most = Math.max(...ranked.map(({ by }) => by.length));
    const best = ranked.find(({ by }) => by.length === most);
    if (!best) break;
    const { at, direction, form, evidence } = one;
    const count = new Set(best.by.map(({ id }) => id)).size;
    lines.push({ at, direction, form, tuple: best.tuple, count, evidence });
    rest = rest.filter((other) => !best.by.includes(other));
  }
  return lines;
}
