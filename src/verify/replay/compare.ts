/** One path of the model against what the captures show of a conversation. */
import { isPredicted, type PredictedTuple } from "#expected/netfilter/predicted-tuple.js";
import type { Address } from "#net/address.js";
import { prefixContains } from "#net/prefix.js";
import type { Path } from "#expected/network/path.js";
import type { PredictedSighting } from "#expected/taps/predicted-sighting.js";
import type { Point } from "#verify/point.js";
import { hopsOf } from "#verify/sighting.js";
import { isDirectionKnown } from "./is-direction-known.js";
import type { SeenFlow } from "./seen-flow.js";
import { captureTapOf, isAtTap, type CaptureTap } from "./tap-at.js";

export interface Comparison {
  readonly path: Path;
  readonly sightings: readonly PredictedSighting[];
  /** What was seen, with the sighting that foretold it; undefined where none did. */
  readonly flows: readonly ComparedFlow[];
  /** What each point of the run may show of this path. */
  readonly at: ReadonlyMap<Point, readonly PredictedSighting[]>;
  /** Of these what it must show. */
  readonly must: ReadonlyMap<Point, readonly PredictedSighting[]>;
  /** Points that were captured and must show the connection, and did not. */
  readonly absent: readonly AbsentSighting[];
  /** Foretold and seen, but with a TTL or a port that the path does not explain. */
  readonly oddities: number;
}

export interface ComparedFlow {
  readonly flow: SeenFlow;
  readonly sighting: PredictedSighting | undefined;
  /** False where another connection had the port that it would have kept. */
  readonly keepsPort: boolean;
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
  const outside = outsideOf(path);
  const atPoint = (point: Point): readonly PredictedSighting[] => {
    const tap = captureTapOf(point);
    // Several clients may share a machine, and the capture of it.
    const isThere = flows.some((flow) => flow.point === point) || isClient(tap, outside);
    return sightings.filter((one) => isAtTap(tap, one.point) && isThere);
  };
  const at = new Map(points.map((point) => [point, atPoint(point)]));
  const compared = flows
    // A capture whose name does not say where it was taken proves nothing for or against a path.
    .filter(({ point }) => captureTapOf(point).kind !== undefined)
    .map((flow) => explain(flow, { path, sightings: at.get(flow.point) ?? [] }));
  const must = new Map(
    points.map((point) => {
      const isThere = isClient(captureTapOf(point), outside);
      return [point, isThere ? (at.get(point) ?? []).filter(({ seen }) => seen === "must") : []];
    }),
  );
  const absent = points.flatMap((point) => absentAt(point, must.get(point) ?? [], compared));
  const oddities = compared.filter((one) => one.sighting && isOdd(path, one)).length;
  return { path, sightings, flows: compared, at, must, absent, oddities };
}

/** The machine outside that the connection is from or to. */
function outsideOf({ dial, end }: Path): Address | undefined {
  if (dial.from.kind === "outside") return dial.from.address;
  return end.kind === "delivered" && end.to.kind === "outside" ? end.to.address : undefined;
}

/** A capture at a client shows what that client sends, and not every machine outside. */
function isClient({ kind, addresses }: CaptureTap, outside: Address | undefined): boolean {
  if (kind !== "client" || addresses === undefined || outside === undefined) return true;
  return addresses.some((prefix) => prefixContains(prefix, outside));
}

/** By the sighting that also has the flow's TTL, if one does: a promiscuous bridge makes copies. */
function explain(
  flow: SeenFlow,
  { path, sightings }: { readonly path: Path; readonly sightings: readonly PredictedSighting[] },
): ComparedFlow {
  const exact = sightings.filter(
    (one) => foretells(one, flow) && isPredicted(one.tuple, flow.tuple),
  );
  const sighting = exact.find((one) => !isOddTtl(path, flow, one)) ?? exact[0];
  if (sighting) return { flow, sighting, keepsPort: true };
  return { flow, sighting: sightings.find((one) => mayBe(one, flow)), keepsPort: false };
}

function mayBe(sighting: PredictedSighting, flow: SeenFlow): boolean {
  return foretells(sighting, flow) && isPredicted(withAnyClientPort(sighting), flow.tuple);
}

/**
 * NAT keeps the client's port unless another connection has it, then it draws one, even where it
 * leaves the address alone (linux net/netfilter/nf_nat_core.c get_unique_tuple).
 */
function withAnyClientPort({ direction, tuple }: PredictedSighting): PredictedTuple {
  const end = direction === "request" ? "source" : "destination";
  return { ...tuple, [end]: { ...tuple[end], port: "any" } };
}

function absentAt(
  point: Point,
  sightings: readonly PredictedSighting[],
  compared: readonly ComparedFlow[],
): readonly AbsentSighting[] {
  // All interfaces at once without their names: there a sighting may hide behind another.
  if (captureTapOf(point).kind === "any") return [];
  return sightings
    .filter((one) => !compared.some(({ flow }) => flow.point === point && mayBe(one, flow)))
    .map((sighting) => ({ point, sighting }));
}

function foretells(sighting: PredictedSighting, flow: SeenFlow): boolean {
  return isDirection(sighting, flow) && flow.isTunnelled === (sighting.outer !== undefined);
}

function isDirection({ direction }: PredictedSighting, { side, connection }: SeenFlow): boolean {
  return !isDirectionKnown(connection) || (side === 0) === (direction === "request");
}

function isOdd(path: Path, { flow, sighting, keepsPort }: ComparedFlow): boolean {
  return sighting !== undefined && (!keepsPort || isOddTtl(path, flow, sighting));
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

/**
 * How far the captures are from the path: what it cannot explain first, for however many points lack
 * it. Captures that began late lack it at all of them.
 */
export function distance({ flows, absent, oddities }: Comparison): number {
  const unexplained = flows.filter(({ sighting }) => sighting === undefined).length;
  return unexplained * 100_000 + absent.length * 10 + oddities;
}

/** True when all that was seen may be on the path, wherever it ends. */
export function explainsAll({ flows }: Comparison): boolean {
  return flows.every(({ sighting }) => sighting !== undefined);
}
