/** One path of the model against what the captures show of a conversation. */
import { isPredicted } from "#expected/netfilter/predicted-tuple.js";
import type { Path } from "#expected/network/path.js";
import type { PredictedSighting } from "#expected/taps/predicted-sighting.js";
import type { Point } from "#verify/point.js";
import { hopsOf } from "#verify/sighting.js";
import { isDirectionKnown, type SeenFlow } from "./seen-flow.js";
import { captureTapOf, isAtTap } from "./tap-at.js";

export interface Comparison {
  readonly path: Path;
  readonly sightings: readonly PredictedSighting[];
  /** What was seen, with the sighting that foretold it; undefined where none did. */
  readonly flows: readonly ComparedFlow[];
  /** Points that were captured and must show the connection, and did not. */
  readonly absent: readonly AbsentSighting[];
  /** Foretold and seen, but with a TTL that the path does not explain. */
  readonly oddTtls: number;
}

export interface ComparedFlow {
  readonly flow: SeenFlow;
  readonly sighting: PredictedSighting | undefined;
}

export interface AbsentSighting {
  readonly point: Point;
  readonly sighting: PredictedSighting;
}

interface Seen {
  readonly flows: readonly SeenFlow[];
  readonly points: readonly Point[];
}

export function comparePath(
  path: Path,
  sightings: readonly PredictedSighting[],
  { flows, points }: Seen,
): Comparison {
  const placed = points.map((point) => ({ point, tap: captureTapOf(point) }));
  const compared = flows
    // A capture whose name does not say where it was taken proves nothing for or against a path.
    .filter(({ point }) => captureTapOf(point).kind !== undefined)
    .map((flow) => ({ flow, sighting: sightings.find((one) => foretells(one, flow)) }));
  const absent = placed.flatMap(({ point, tap }) =>
    // All interfaces at once without their names: there a sighting may hide behind another.
    tap.kind === "any"
      ? []
      : sightings
          .filter((one) => one.seen === "must" && isAtTap(tap, one.point))
          .filter((one) => !flows.some((flow) => flow.point === point && foretells(one, flow)))
          .map((sighting) => ({ point, sighting })),
  );
  return {
    path,
    sightings,
    flows: compared,
    absent,
    oddTtls: compared.filter(({ flow, sighting }) => sighting && isOddTtl(path, flow, sighting))
      .length,
  };
}

function foretells(sighting: PredictedSighting, flow: SeenFlow): boolean {
  return (
    isDirection(sighting, flow) &&
    isPredicted(sighting.tuple, flow.tuple) &&
    flow.isTunnelled === (sighting.outer !== undefined) &&
    isAtTap(captureTapOf(flow.point), sighting.point)
  );
}

function isDirection({ direction }: PredictedSighting, { side, connection }: SeenFlow): boolean {
  return !isDirectionKnown(connection) || (side === 0) === (direction === "request");
}

/**
 * Whoever sends from inside the cluster starts at 64 (Linux ip_default_ttl) and crosses nodes only;
 * from outside routers come on top.
 */
function isOddTtl(
  path: Path,
  { ttl }: SeenFlow,
  { direction, ttlLowered }: PredictedSighting,
): boolean {
  const sender = direction === "request" ? path.dial.from : receiverOf(path);
  if (sender === undefined) return false;
  const hops = hopsOf(ttl);
  return sender.kind === "outside" ? hops < ttlLowered : hops !== ttlLowered;
}

function receiverOf({ end }: Path): Path["dial"]["from"] | undefined {
  return end.kind === "delivered" ? end.to : undefined;
}

/** How far the captures are from the path: what it cannot explain first. */
export function distance({ flows, absent, oddTtls }: Comparison): number {
  const unexplained = flows.filter(({ sighting }) => sighting === undefined).length;
  return unexplained * 100 + absent.length * 10 + oddTtls;
}
