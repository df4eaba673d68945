/** A row and the model of one path in one notation, line by line: `must node1/cni0 request tcp …`. */
import { formatPredictedTuple } from "#expected/netfilter/predicted-tuple.js";
import type { Path } from "#expected/network/path.js";
import type { PredictedSighting } from "#expected/taps/predicted-sighting.js";
import { pointAt, pointText, tupleOf, type Cast } from "./cast.js";
import type { PathOutcome, PathPoint, PathRow, RowTuple } from "./path-row.js";
import { backendOf } from "./situation.js";

/** One direction at one point, as a row has it. */
export interface DeclaredLine {
  readonly point: PathPoint;
  readonly direction: "request" | "reply";
  readonly tuple: RowTuple;
  readonly isEncapsulated: boolean;
  /** Where, which way and what, as `sightingText` says it of the model's; undefined: not on this path. */
  readonly text: string | undefined;
}

/** What may be seen, in the row's order. Where pods are routed there is no overlay. */
export function declaredLines(row: PathRow, cast: Cast): readonly DeclaredLine[] {
  const isRouted = backendOf(cast.network) === "routed";
  return row.points
    .filter(({ at, seen }) => seen !== "never" && !(isRouted && at.endsWith("overlay")))
    .flatMap((point) => {
      const isEncapsulated = point.form === "vxlan" && !isRouted;
      const where = pointAt(cast, point.at);
      return directionsOf(point).map(([direction, tuple]) => {
        const concrete = tupleOf(cast, tuple, point.form);
        const mark = isEncapsulated ? "VXLAN " : "";
        const text =
          where &&
          concrete &&
          `${pointText(where)} ${direction} ${mark}${formatPredictedTuple(concrete)}`;
        return { point, direction, tuple, isEncapsulated, text };
      });
    });
}

function directionsOf({ request, reply }: PathPoint) {
  return [
    ...(request === undefined ? [] : [["request", request] as const]),
    ...(reply === undefined ? [] : [["reply", reply] as const]),
  ];
}

/** Where the row says that nothing is seen. */
export function declaredSilent(row: PathRow, cast: Cast): readonly string[] {
  return row.points
    .filter(({ seen }) => seen === "never")
    .flatMap(({ at }) => pointAt(cast, at) ?? [])
    .map(pointText);
}

export function sightingText({ point, direction, tuple, outer }: PredictedSighting): string {
  const mark = outer === undefined ? "" : "VXLAN ";
  return `${pointText(point)} ${direction} ${mark}${formatPredictedTuple(tuple)}`;
}

/** What must be seen with one TTL may be seen with another besides: that is said once. */
export function predictedLines(
  sightings: readonly PredictedSighting[],
): ReadonlyMap<string, PredictedSighting["seen"]> {
  const strongest = new Map<string, PredictedSighting["seen"]>();
  for (const sighting of sightings) {
    const text = sightingText(sighting);
    if (strongest.get(text) !== "must") strongest.set(text, sighting.seen);
  }
  return strongest;
}

export function outcomeOf({ end, reply }: Path): PathOutcome | "unknown" {
  if (end.kind !== "delivered") return end.kind;
  if (reply?.arrives === undefined) return "dropped";
  return reply.isRecognised ? "answered" : "unrecognised";
}
