/** What was seen in the words of a row: addresses as places, captures as points. */
import { endpointOf, pointAt, type Cast } from "#expected/scenarios/cast.js";
import {
  type PathPointName,
  type RowEnd,
  type RowPlace,
  type RowTuple,
} from "#expected/scenarios/path-row.js";
import { PATH_POINTS, PLACES, wordsOf } from "#expected/scenario-files/scenario-words.js";
import type { Endpoint, FiveTuple } from "#net/five-tuple.js";
import { captureTapOf, isAtTap } from "#verify/replay/tap-at.js";
import type { Point } from "#verify/point.js";

/** Every way to write a tuple, the plainest first; none where an address is no place of a row. */
export function tuplesFor(cast: Cast, { source, destination }: FiveTuple): readonly RowTuple[] {
  const destinations = endsFor(cast, destination);
  return endsFor(cast, source).flatMap((from) =>
    destinations.map((to): RowTuple => `${from} > ${to}`),
  );
}

/** A port that another connection may find taken is drawn: `:*` covers the one that was kept. */
export function endsFor(cast: Cast, seen: Endpoint): readonly RowEnd[] {
  const places = wordsOf(PLACES).filter((place) => isPlace(cast, place, seen));
  const kept = places.filter((place) => isPort(cast, place, seen));
  return [...kept, ...places.filter(isDrawable).map((place): RowEnd => `${place}:*`)];
}

function isPlace(cast: Cast, place: RowPlace, { address }: Endpoint): boolean {
  return endpointOf(cast, { place, port: "random" })?.address === address;
}

function isPort(cast: Cast, place: RowPlace, { port }: Endpoint): boolean {
  return endpointOf(cast, { place, port: "kept" })?.port === port;
}

/** What is dialled, and where it arrives, have ports of their own. */
function isDrawable(place: RowPlace): boolean {
  return place !== "dialled" && place !== "endpoint" && place !== "client";
}

/** Names of the capture point on this path, as built-in rows would have them first. */
export function pointNamesFor(cast: Cast, point: Point): readonly PathPointName[] {
  const capture = captureTapOf(point);
  if (capture.kind === "any" || capture.kind === undefined) return [];
  return wordsOf(PATH_POINTS).filter((at) => {
    const there = pointAt(cast, at);
    return there !== undefined && isAtTap(capture, there);
  });
}

/** In the order of a packet's way. */
export const POINT_ORDER: readonly PathPointName[] = wordsOf(PATH_POINTS);
