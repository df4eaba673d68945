/** What a capture at each point will show, of all branches in one table. */
import type { PredictedSighting, TapPoint } from "#expected/taps/predicted-sighting.js";
import { reverse, samePredictedTuple } from "#expected/netfilter/predicted-tuple.js";
import { hangingLines } from "./hanging.js";
import { formatPredictedEnds } from "./prediction-words.js";
import { placeOnWay } from "./prediction-order.js";
import type { PredictedJourney, PredictedPath } from "./prediction.js";
import { sanitize } from "./sanitize.js";
import { formatTable, type Column, type Layout, type Row } from "./table.js";

export function* sightingLines(journey: PredictedJourney, layout: Layout): Iterable<string> {
  const { paths } = journey;
  const rows = rowsOf(journey);
  if (rows.length === 0) return;
  const title = layout.style.strong("what each capture point will show");
  yield `\n${title} (TTL change and SEEN: request/reply)\n`;
  const notes = [...new Set(rows.flatMap(({ why }) => why))];
  const columns = columnsOf(paths);
  const table = rows.map((row): Row => columns.map(({ cell }) => cell(row, { paths, notes })));
  yield* formatTable({ columns, rows: table }, layout);
  for (const [at, note] of notes.entries()) {
    const text = `(${at + 1}) ${sanitize(note)}`;
    for (const line of hangingLines(text, { first: 2, hanging: 6 }, layout)) yield `${line}\n`;
  }
}

/** A point shows a request, an answer or both. */
interface SightingRow {
  readonly point: string;
  readonly request: PredictedSighting | undefined;
  readonly reply: PredictedSighting | undefined;
  readonly why: readonly string[];
  /** The branches that show it, by their place. */
  readonly branches: readonly number[];
}

function rowsOf({ from, paths }: PredictedJourney): readonly SightingRow[] {
  const isDialledFromOutside = from?.kind === "outside";
  const outside = isDialledFromOutside ? "client" : "outside";
  const rows = new Map<string, SightingRow>();
  const places = new Map<string, number>();
  for (const [at, path] of paths.entries()) {
    const placeOf = placeOnWay(path, isDialledFromOutside);
    for (const pair of pairUp(path.sightings)) {
      const key = JSON.stringify(pair);
      const point = describePoint(pair.point, outside);
      const branches = [...(rows.get(key)?.branches ?? []), at];
      rows.set(key, { ...pair, point, branches });
      places.set(point, Math.min(places.get(point) ?? Infinity, placeOf(pair.point)));
    }
  }
  const place = ({ point }: SightingRow): number => places.get(point) ?? 0;
  return [...rows.values()].sort((a, b) => place(a) - place(b) || sureness(a) - sureness(b));
}

/** What every capture shows comes first. */
function sureness({ request, reply }: SightingRow): number {
  return [request, reply].some((sighting) => sighting?.seen === "must") ? 0 : 1;
}

interface Pair extends Pick<SightingRow, "request" | "reply" | "why"> {
  readonly point: TapPoint;
}

/** Each request with the answer that is its reverse, else with any answer of its point. */
function pairUp(sightings: readonly PredictedSighting[]): readonly Pair[] {
  const replies = new Set(sightings.filter(({ direction }) => direction === "reply"));
  const requests = sightings.filter(({ direction }) => direction === "request");
  const taken = new Map<PredictedSighting, PredictedSighting>();
  for (const fits of [isReverseAsSure, isReverse, () => true]) {
    for (const request of requests) {
      if (taken.has(request)) continue;
      const reply = [...replies].find(
        (candidate) => isAtSamePlace(request, candidate) && fits(request, candidate),
      );
      if (reply === undefined) continue;
      replies.delete(reply);
      taken.set(request, reply);
    }
  }
  return [
    ...requests.map((request) => pairOf(request.point, { request, reply: taken.get(request) })),
    ...[...replies].map((reply) => pairOf(reply.point, { request: undefined, reply })),
  ];
}

function pairOf(point: TapPoint, { request, reply }: Pick<Pair, "request" | "reply">): Pair {
  const why = [request, reply].flatMap((sighting) => sighting?.why ?? []);
  return { point, request, reply, why: [...new Set(why)] };
}

/** A copy that only some captures show is answered like the packet that all show. */
function isReverseAsSure(request: PredictedSighting, reply: PredictedSighting): boolean {
  return isReverse(request, reply) && request.seen === reply.seen;
}

function isReverse(request: PredictedSighting, reply: PredictedSighting): boolean {
  return samePredictedTuple(reverse(request.tuple), reply.tuple);
}

/** At one interface, and both bare or both inside another packet. */
function isAtSamePlace(one: PredictedSighting, other: PredictedSighting): boolean {
  return (
    JSON.stringify(one.point) === JSON.stringify(other.point) &&
    (one.outer === undefined) === (other.outer === undefined)
  );
}

/** `node1/eth0`, `pod:web`, `pod:web/lo`, `node1/veth of web`, as `verify` takes them where it can. */
function describePoint(
  { namespace, interface: port, kind, pod }: TapPoint,
  outside: string,
): string {
  const own = port ?? (kind === "veth" && pod !== undefined ? `veth of ${pod}` : kind);
  if (namespace.kind === "outside") return outside;
  if (namespace.kind === "node") return `${namespace.name}/${own}`;
  return kind === "loopback" ? `pod:${namespace.name}/${own}` : `pod:${namespace.name}`;
}

interface Context {
  readonly paths: readonly PredictedPath[];
  readonly notes: readonly string[];
}

interface SightingColumn extends Column {
  readonly cell: (row: SightingRow, context: Context) => string;
}

function columnsOf({ length }: readonly PredictedPath[]): readonly SightingColumn[] {
  return [
    { heading: "POINT", align: "left", minimumWidth: 10, cell: ({ point }) => point },
    ...(length > 1 ? [BRANCH] : []),
    { heading: "REQUEST", align: "left", minimumWidth: 20, cell: ({ request }) => ends(request) },
    { heading: "REPLY", align: "left", minimumWidth: 20, cell: ({ reply }) => ends(reply) },
    { heading: "TTL", align: "left", minimumWidth: undefined, cell: describeTtl },
    { heading: "SEEN", align: "left", minimumWidth: 4, cell: describeSeen },
  ];
}

const BRANCH: SightingColumn = {
  heading: "BRANCH",
  align: "left",
  minimumWidth: 6,
  cell: ({ branches }, { paths }) =>
    branches.length === paths.length ? "all" : branches.map((at) => at + 1).join(", "),
};

function ends(sighting: PredictedSighting | undefined): string {
  if (sighting === undefined) return "";
  const { tuple, outer } = sighting;
  const inside = outer === undefined ? "" : ` in VXLAN ${formatPredictedEnds(outer)}`;
  return `${formatPredictedEnds(tuple)}${inside}`;
}

/** Of the request, of the reply: `-1/0` where it is 1 lower than it was sent and as it was sent. */
function describeTtl({ request, reply }: SightingRow): string {
  const both = [request, reply].filter((sighting) => sighting !== undefined);
  return both.map(({ ttlLowered }) => (ttlLowered === 0 ? "0" : `-${ttlLowered}`)).join("/");
}

/** `must`, `may (1)` with the note that says why. */
function describeSeen({ request, reply, why }: SightingRow, { notes }: Context): string {
  const words = new Set([request, reply].flatMap((sighting) => sighting?.seen ?? []));
  const numbers = why.map((note) => notes.indexOf(note) + 1);
  const told = numbers.length > 0 ? ` (${numbers.join(", ")})` : "";
  return `${[...words].join("/")}${told}`;
}
