/** A user's row as what captures must show of one dial. Where it says otherwise than the model, it governs. */
import {
  formatPredictedEndpoint,
  reverse,
  type PredictedTuple,
} from "#expected/netfilter/predicted-tuple.js";
import type { Network } from "#expected/network/network.js";
import type { Path, PathEnd, Reply } from "#expected/network/path.js";
import type { PredictedSighting, TapPoint } from "#expected/taps/predicted-sighting.js";
import { castOf, endpointOf, pointAt, pointText, tupleOf, type Cast } from "./cast.js";
import {
  declaredLines,
  declaredSilent,
  outcomeOf,
  predictedLines,
  sightingText,
  type DeclaredLine,
} from "./declared.js";
import { readEnd, type PathRow } from "./path-row.js";
import type { PathScenario } from "./scenario.js";
import type { Situation } from "./situation.js";

export interface RowExpectation {
  /** Ends as the row has it; the hops are the model's. */
  readonly path: Path;
  readonly sightings: readonly PredictedSighting[];
  /** In sentences, what the rules that programs write would do otherwise; none: row and model agree. */
  readonly otherwise: readonly string[];
  /** Capture points at which the row alone says what is right, as `pointText` writes them. */
  readonly governed: ReadonlySet<string>;
  /** What the row speaks of and this path has not: then nothing can be held against it. */
  readonly unresolved: readonly string[];
  /** The only points that something is said of; undefined where it is of every one. */
  readonly saidOf: readonly TapPoint[] | undefined;
}

export interface Followed {
  readonly network: Network;
  readonly path: Path;
  readonly situation: Situation;
  readonly sightings: readonly PredictedSighting[];
}

export function rowExpectation(
  { otherPoints = "never" }: PathScenario,
  row: PathRow,
  followed: Followed,
): RowExpectation {
  const { network, path, situation } = followed;
  const cast = castOf(network, path, situation);
  const lines = declaredLines(row, cast);
  const model = modelAt(followed.sightings, { row, cast, otherPoints });
  const difference = differenceOf({ row, cast, lines, model });
  const isOtherwise = difference.sentences.length > 0;
  const told = new Set(lines.map(({ text }) => text));
  const rest = followed.sightings.filter((sighting) => !told.has(sightingText(sighting)));
  const own = sightingsOf(lines, { cast, model: followed.sightings });
  return {
    path: pathByRow(row, cast),
    sightings: isOtherwise ? own : [...own, ...rest],
    otherwise: difference.sentences,
    governed: difference.points,
    unresolved: unresolvedOf(row, cast, lines),
    saidOf: isOtherwise && otherPoints === "may" ? listedPoints(row, cast) : undefined,
  };
}

interface Compared {
  readonly row: PathRow;
  readonly cast: Cast;
  readonly lines: readonly DeclaredLine[];
  /** The model's sightings at the points that the row speaks of. */
  readonly model: readonly PredictedSighting[];
}

function listedPoints(row: PathRow, cast: Cast): readonly TapPoint[] {
  return row.points.flatMap(({ at }) => pointAt(cast, at) ?? []);
}

function modelAt(
  sightings: readonly PredictedSighting[],
  { row, cast, otherPoints }: Pick<Compared, "row" | "cast"> & Pick<PathScenario, "otherPoints">,
): readonly PredictedSighting[] {
  if (otherPoints === "never") return sightings;
  const listed = new Set(listedPoints(row, cast).map(pointText));
  return sightings.filter(({ point }) => listed.has(pointText(point)));
}

interface Difference {
  readonly sentences: readonly string[];
  readonly points: ReadonlySet<string>;
}

/** That something only may be seen which the model says must be is no disagreement about the network. */
function differenceOf(compared: Compared): Difference {
  const { row, cast, lines, model } = compared;
  const predicted = predictedLines(model);
  const rows = new Map(lines.map(({ text, point }) => [text, point.seen]));
  const open = new Set(listedPoints(row, cast).map(pointText));
  for (const silent of declaredSilent(row, cast)) open.delete(silent);
  const rowOnly = [...rows.keys()].filter((text) => text !== undefined && !predicted.has(text));
  const modelOnly = [...predicted].flatMap(([text, seen]) =>
    rows.has(text) || (seen === "may" && open.has(whereOf(text))) ? [] : [text],
  );
  const stricter = [...rows].flatMap(([text, seen]) =>
    text !== undefined && seen === "must" && predicted.get(text) === "may" ? [text] : [],
  );
  return {
    sentences: [...endSentences(compared), ...pointSentences(rowOnly, modelOnly)],
    points: new Set([...rowOnly, ...modelOnly, ...stricter].map((text) => whereOf(text ?? ""))),
  };
}

const whereOf = (line: string): string => line.slice(0, line.indexOf(" "));

function endSentences({ row, cast }: Compared): readonly string[] {
  const { path } = cast;
  const outcome = outcomeOf(path);
  if (isUnknown(path)) return [];
  if (outcome !== row.outcome) return [`it is ${outcome}, not ${row.outcome}`];
  const wanted = row.source && endpointOf(cast, readEnd(row.source));
  if (path.end.kind !== "delivered" || wanted === undefined) return [];
  const is = formatPredictedEndpoint(path.end.tuple.source);
  const should = formatPredictedEndpoint(wanted);
  return is === should ? [] : [`the server sees ${is}, not ${should}`];
}

/** The model met its own limit, which is no word against the row. */
function isUnknown({ end, reply }: Path): boolean {
  return end.kind === "unknown" || reply?.hops.at(-1)?.trace.disposition === "unknown";
}

function pointSentences(
  rowOnly: readonly (string | undefined)[],
  modelOnly: readonly string[],
): readonly string[] {
  return [
    ...modelOnly.map((text) => `${whereOf(text)} shows ${text.slice(whereOf(text).length + 1)}`),
    ...rowOnly.flatMap((text) =>
      text === undefined
        ? []
        : [`${whereOf(text)} does not show ${text.slice(whereOf(text).length + 1)}`],
    ),
  ];
}

/** What must be seen at a point that the path has not, and addresses that nothing has. */
function unresolvedOf(row: PathRow, cast: Cast, lines: readonly DeclaredLine[]): readonly string[] {
  const source =
    row.source !== undefined && endpointOf(cast, readEnd(row.source)) === undefined
      ? [`source: ${row.source}`]
      : [];
  const points = lines
    .filter(({ text, point }) => text === undefined && point.seen === "must")
    .map(({ point, direction, tuple }) => `${point.at}, ${direction}: ${tuple}`);
  return [...source, ...points];
}

function sightingsOf(
  lines: readonly DeclaredLine[],
  { cast, model }: { readonly cast: Cast; readonly model: readonly PredictedSighting[] },
): readonly PredictedSighting[] {
  const requests = lines.filter(({ direction }) => direction === "request");
  // Rows go from the client to the server, answers the other way.
  const replies = lines.filter(({ direction }) => direction === "reply").toReversed();
  return [...requests, ...replies].flatMap((line) => {
    const known = model.filter((sighting) => sightingText(sighting) === line.text);
    if (known.length > 0) return asSeen(known, line.point.seen);
    return builtFrom(line, { cast, model }) ?? [];
  });
}

/** The model may know copies with several TTLs; one of them is the packet itself. */
function asSeen(
  known: readonly PredictedSighting[],
  seen: DeclaredLine["point"]["seen"],
): readonly PredictedSighting[] {
  if (seen !== "must") return known.map((sighting) => ({ ...sighting, seen: "may" }));
  if (known.some((sighting) => sighting.seen === "must")) return known;
  return known.map((sighting, at) => (at === 0 ? { ...sighting, seen: "must" } : sighting));
}

function builtFrom(
  { point: row, direction, tuple, isEncapsulated }: DeclaredLine,
  { cast, model }: { readonly cast: Cast; readonly model: readonly PredictedSighting[] },
): PredictedSighting | undefined {
  const point = pointAt(cast, row.at);
  const concrete = tupleOf(cast, tuple, row.form);
  if (!point || !concrete) return undefined;
  const near = nearestOf(model, { point, direction });
  return {
    point,
    direction,
    tuple: concrete,
    outer: isEncapsulated ? (near?.outer ?? betweenNodes(cast)) : undefined,
    ttlLowered: near?.ttlLowered ?? 0,
    seen: row.seen === "must" ? "must" : "may",
    why: row.why,
  };
}

/** At the same point, else in the same namespace. */
function nearestOf(
  model: readonly PredictedSighting[],
  { point, direction }: Pick<PredictedSighting, "point" | "direction">,
): PredictedSighting | undefined {
  const alike = model.filter((sighting) => sighting.direction === direction);
  const inNamespace = alike.find(
    ({ point: { namespace } }) => JSON.stringify(namespace) === JSON.stringify(point.namespace),
  );
  return alike.find((sighting) => pointText(sighting.point) === pointText(point)) ?? inNamespace;
}

/** IANA's port of VXLAN is 4789; Linux's own, which flannel keeps, is 8472 (linux drivers/net/vxlan). */
const VXLAN_PORT = 8472;

function betweenNodes(cast: Cast): PredictedTuple | undefined {
  const from = endpointOf(cast, { place: "node", port: "random" });
  const to = endpointOf({ ...cast, clientNode: cast.endpointNode }, ENDPOINT_NODE);
  if (!from || !to) return undefined;
  return { protocol: "udp", source: from, destination: { ...to, port: VXLAN_PORT } };
}

const ENDPOINT_NODE = { place: "client-node", port: "random" } as const;

function pathByRow(row: PathRow, cast: Cast): Path {
  const { path } = cast;
  if (path.end.kind !== "delivered") {
    const isSame = row.outcome === path.end.kind || row.source !== undefined;
    return isSame ? path : { ...path, end: endedBy(row, cast) };
  }
  if (row.outcome === "dropped" || row.outcome === "rejected") {
    return { ...path, end: endedBy(row, cast), reply: undefined };
  }
  const source = row.source && endpointOf(cast, readEnd(row.source));
  const tuple = source ? { ...path.end.tuple, source } : path.end.tuple;
  return { ...path, end: { ...path.end, tuple }, reply: replyByRow(row, path) };
}

function endedBy({ outcome }: PathRow, { path, node }: Cast): PathEnd {
  const kind = outcome === "rejected" ? "rejected" : "dropped";
  const first = path.request[0]?.namespace ?? { kind: "node", name: "the node" };
  const namespace = node === undefined ? first : ({ kind: "node", name: node } as const);
  return { kind, namespace, rule: undefined, reason: undefined };
}

function replyByRow({ outcome }: PathRow, { reply, dial }: Path): Reply | undefined {
  const isAnswered = outcome === "answered";
  if (isAnswered === (reply?.arrives !== undefined && reply.isRecognised)) return reply;
  const arrives = isAnswered ? reverse(dial.tuple) : reply?.arrives;
  return { hops: reply?.hops ?? [], arrives, isRecognised: isAnswered };
}
