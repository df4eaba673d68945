/** A row's lines and the model's as sets, to be compared. */
import {
  endpointOf as endpointOfCast,
  pointAt,
  pointText,
  type Cast,
} from "#expected/scenarios/cast.js";
import { declaredLines, predictedLines } from "#expected/scenarios/declared.js";
import type { PredictedEndpoint } from "#expected/netfilter/predicted-tuple.js";
import {
  readEnd,
  type End,
  type PathPointName,
  type PathRow,
  type RowEnd,
} from "#expected/scenarios/path-row.js";
import type { PredictedSighting } from "#expected/taps/predicted-sighting.js";

/** Each as `seen where direction tuple`. */
export function declared(row: PathRow, cast: Cast): ReadonlySet<string> {
  return new Set(
    declaredLines(row, cast).map(
      ({ point: { seen, at }, text }) => `${seen} ${text ?? `nowhere: ${at}`}`,
    ),
  );
}

export function predicted(sightings: readonly PredictedSighting[]): ReadonlySet<string> {
  return new Set([...predictedLines(sightings)].map(([text, seen]) => `${seen} ${text}`));
}

export function whereOf(cast: Cast, at: PathPointName): string {
  const tap = pointAt(cast, at);
  return tap ? pointText(tap) : `nowhere: ${at}`;
}

export function endpointOf(cast: Cast, end: End): PredictedEndpoint {
  return endpointOfCast(cast, end) ?? { address: `no address of ${end.place}`, port: "any" };
}

export function sourceText(cast: Cast, source: RowEnd | undefined): string | undefined {
  if (source === undefined) return undefined;
  const { address, port } = endpointOf(cast, readEnd(source));
  return `${address}:${port}`;
}
