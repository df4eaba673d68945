/** A prediction for a person: what becomes of the packet first, then every step of why. */
import { formatPredictedTuple } from "#expected/netfilter/predicted-tuple.js";
import { hangingLines } from "./hanging.js";
import { branchLines } from "./prediction-branches.js";
import { sightingLines } from "./prediction-table.js";
import {
  describeArrival,
  describeEnd,
  describeNamespace,
  describeParty,
  formatProbability,
  strange,
} from "./prediction-words.js";
import type { PredictedJourney, PredictedPath, Prediction } from "./prediction.js";
import { sanitize } from "./sanitize.js";
import type { Tone } from "./style.js";
import type { Layout } from "./table.js";

export function* predictionText(prediction: Prediction, layout: Layout): Iterable<string> {
  const { journeys } = prediction;
  for (const [at, journey] of journeys.entries()) {
    if (at > 0) yield "\n";
    yield* heading(journey, { place: { at, of: journeys.length }, layout });
    yield* outcomes(journey, layout);
    yield* branchLines(journey.paths, layout);
    yield* sightingLines(journey, layout);
  }
  yield* assumptions(prediction, layout);
}

interface Heading {
  readonly place: { readonly at: number; readonly of: number };
  readonly layout: Layout;
}

/** `tcp 198.51.100.79:* > 10.20.32.204:9000, from 198.51.100.79 outside the cluster`. */
function heading(journey: PredictedJourney, { place, layout }: Heading): readonly string[] {
  const number = place.of > 1 ? `connection ${place.at + 1} of ${place.of}: ` : "";
  const text = `${number}${formatPredictedTuple(journey.tuple)}, ${dialler(journey)}`;
  return hangingLines(text, { first: 0, hanging: 4 }, layout).map((line) => `${line}\n`);
}

function dialler({ from, dialledBy, paths }: PredictedJourney): string {
  if (from !== undefined && dialledBy !== undefined) {
    return `dialled by ${dialledBy}, ${describeParty(from)}, for its client`;
  }
  if (from !== undefined) return `from ${describeParty(from)}`;
  const [hop] = paths.flatMap(({ request }) => request.slice(0, 1));
  return hop ? `${describeArrival(hop)} of ${describeNamespace(hop.namespace)}` : "from nowhere";
}

function* outcomes({ paths }: PredictedJourney, layout: Layout): Iterable<string> {
  if (paths.length > 1) yield `chance decides between ${paths.length} branches:\n`;
  for (const [at, path] of paths.entries()) {
    const label = `  ${at + 1}  ${formatProbability(path.probability).padEnd(6)}  `;
    yield* outcome(path, { label: paths.length > 1 ? label : "", layout });
  }
}

const TONES: Record<PredictedPath["end"]["kind"], Tone> = {
  delivered: "good",
  left: "good",
  dropped: "bad",
  rejected: "bad",
  unknown: "doubtful",
};

/** `delivered to pod web as tcp …`, and what the dialling socket hears of it. */
function outcome(
  path: PredictedPath,
  { label, layout }: { readonly label: string; readonly layout: Layout },
): readonly string[] {
  const { word, rest } = describeEnd(path.end);
  const indents = { first: label.length, hanging: Math.max(label.length, 4) };
  const lines = hangingLines(`${word}${rest}${onwards(path)}${answer(path)}`, indents, layout);
  const paint = layout.style[TONES[path.end.kind]];
  return lines.map((line, at) => {
    if (at > 0) return `${line}\n`;
    return `${label}${paint(word)}${line.slice(label.length + word.length)}\n`;
  });
}

/** `; docker-proxy ends it there and dials connection 2`. */
function onwards({ onward }: PredictedPath): string {
  if (onward === undefined) return "";
  const { program, journeys, unfollowed } = onward;
  const numbers = journeys.map((at) => at + 1);
  const several = numbers.length > 1 ? "one of connections" : "connection";
  const named = numbers.length === 0 ? [] : [`${several} ${numbers.join(", ")}`];
  const others = unfollowed === 0 ? [] : [`one of ${unfollowed} that are not followed`];
  const dials = [...named, ...others].join(", or ") || "on";
  return `; ${program} ends it there and dials ${dials}`;
}

function answer({ end, reply }: PredictedPath): string {
  if (end.kind !== "delivered") return "";
  if (reply === undefined) return "; its answer's way is not known";
  const { arrives, isRecognised } = reply;
  if (arrives === undefined) return "; its answer does not arrive";
  if (isRecognised) return "; its answer arrives";
  return `; its answer arrives as ${formatPredictedTuple(arrives)}, ${strange(arrives)}`;
}

function* assumptions(prediction: Prediction, layout: Layout): Iterable<string> {
  const all = new Set([
    ...prediction.assumptions,
    ...prediction.journeys.flatMap(({ paths }) => paths.flatMap((path) => path.assumptions)),
  ]);
  if (all.size > 0) yield `\n${layout.style.strong("assumed")}\n`;
  for (const assumption of all) {
    const lines = hangingLines(sanitize(assumption), { first: 2, hanging: 4 }, layout);
    for (const line of lines) yield `${line}\n`;
  }
}
