/** Stops of one direction in the order in which a packet passes them. */
import { hopsOf } from "./sighting.js";

/** Where on its own way the model or a row has a stop, later ones higher; undefined: neither knows it. */
export interface StopPlace {
  readonly rank: number | undefined;
  /** As it was seen there; undefined: it was not. */
  readonly ttl: number | undefined;
}

/**
 * By rank. What nobody foretold goes behind the last stop that the packet had passed by its TTL: the
 * times of two machines say less.
 */
export function stopsAlongPath<Stop>(
  stops: readonly Stop[],
  placeOf: (stop: Stop) => StopPlace,
): readonly Stop[] {
  const placed = stops.map((stop) => ({ stop, ...placeOf(stop) }));
  const known = placed
    .filter(({ rank }) => rank !== undefined)
    .sort((a, b) => (a.rank ?? 0) - (b.rank ?? 0));
  const unknown = placed
    .filter(({ rank }) => rank === undefined)
    .sort((a, b) => crossed(a) - crossed(b));
  const ordered = [...known];
  for (const one of unknown) {
    const last = ordered.findLastIndex((other) => crossed(other) <= crossed(one));
    ordered.splice(last + 1, 0, one);
  }
  return ordered.map(({ stop }) => stop);
}

/** A stop that shows nothing holds nobody up. */
function crossed({ ttl }: StopPlace): number {
  return ttl === undefined ? Number.POSITIVE_INFINITY : hopsOf(ttl);
}
