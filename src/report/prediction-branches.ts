/** The steps of every branch, what they have in common once. */
import type { Hop } from "#expected/network/path.js";
import { formatPredictedTuple, samePredictedTuple } from "#expected/netfilter/predicted-tuple.js";
import { hangingLines } from "./hanging.js";
import { describeArrival, describeNamespace, formatProbability } from "./prediction-words.js";
import { replyLines } from "./prediction-reply.js";
import type { PredictedPath } from "./prediction.js";
import { sanitize } from "./sanitize.js";
import type { Layout } from "./table.js";
import { tracePhases, type Phase } from "./trace-text.js";

export function* branchLines(paths: readonly PredictedPath[], layout: Layout): Iterable<string> {
  const [only, ...others] = paths;
  if (only === undefined) return;
  if (others.length === 0) {
    yield "\n";
    yield* placedLines(placesOf(only), { layout, before: undefined });
    yield* replyLines(only, layout);
    return;
  }
  const branches = paths.map((path) => ({ path, places: placesOf(path) }));
  const shared = sharedLength(branches.map(({ places }) => places));
  if (shared > 0) {
    yield `\n${layout.style.strong("every branch begins")}\n\n`;
    const common = branches[0]?.places.slice(0, shared) ?? [];
    yield* placedLines(common, { layout, before: undefined });
  }
  for (const [at, { path, places }] of branches.entries()) {
    const chance = `probability ${formatProbability(path.probability)}`;
    yield `\n${layout.style.strong(`branch ${at + 1} of ${paths.length}, ${chance}`)}\n\n`;
    yield* placedLines(places.slice(shared), { layout, before: places[shared - 1] });
    yield* replyLines(path, layout);
  }
}

/** A step, with the namespace that it is taken in. */
interface Place {
  /** The namespace's turn: a packet can pass one twice. */
  readonly turn: number;
  readonly namespace: string;
  readonly phase: Phase;
}

function placesOf({ request }: PredictedPath): readonly Place[] {
  return request.flatMap((hop, turn) => {
    const namespace = `${describeNamespace(hop.namespace)}: ${describeArrival(hop)}`;
    return [...tracePhases(hop.trace), ...departure(hop)].map((phase) => ({
      turn,
      namespace,
      phase,
    }));
  });
}

/** How it leaves the namespace, where it does. */
function departure({ trace, ttlLowered, outer }: Hop): readonly Phase[] {
  const { disposition, out, first, final } = trace;
  if (disposition !== "forwarded") return [];
  const by = out === undefined ? "" : ` by ${sanitize(out)}`;
  const as = samePredictedTuple(first, final) ? "" : ` as ${formatPredictedTuple(final)}`;
  const inside = outer === undefined ? "" : `, inside VXLAN ${formatPredictedTuple(outer)}`;
  const ttl = ttlLowered === 1 ? ", TTL 1 lower" : "";
  return [{ heading: `out${by}${as}${inside}${ttl}`, lines: [] }];
}

function sharedLength(branches: readonly (readonly Place[])[]): number {
  const keys = branches.map((places) => places.map((place) => JSON.stringify(place)));
  const [first = []] = keys;
  const differs = first.findIndex((key, at) => keys.some((other) => other[at] !== key));
  return differs < 0 ? first.length : differs;
}

interface Surroundings {
  readonly layout: Layout;
  /** What was printed of the same way further up. */
  readonly before: Place | undefined;
}

/** `node1: in by eth0`, under it `prerouting`, under it the rules. */
function* placedLines(
  places: readonly Place[],
  { layout, before: above }: Surroundings,
): Iterable<string> {
  let before: Place | undefined;
  for (const place of places) {
    const { namespace, turn, phase } = place;
    const isNew = before?.turn !== turn;
    const more = isNew && turn === above?.turn ? ", continued" : "";
    if (isNew) yield `${layout.style.strong(`${namespace}${more}`)}\n`;
    if (isNew || before?.phase.heading !== phase.heading) {
      yield* indented(phase.heading, { first: 2, layout });
    }
    for (const { depth, text } of phase.lines) {
      yield* indented(text, { first: 4 + 4 * depth, layout });
    }
    before = place;
  }
}

function indented(
  text: string,
  { first, layout }: { readonly first: number; readonly layout: Layout },
): readonly string[] {
  return hangingLines(text, { first, hanging: 10 }, layout).map((line) => `${line}\n`);
}
