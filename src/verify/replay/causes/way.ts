/** The capture points of a path in the order in which a packet passes them, and what each showed. */
import type { Hop, Path } from "#expected/network/path.js";
import { sameNamespace } from "#expected/network/namespace.js";
import { samePredictedAddresses, samePredictedTuple } from "#expected/netfilter/predicted-tuple.js";
import type { PredictedSighting } from "#expected/taps/predicted-sighting.js";
import type { Point } from "#verify/point.js";
import { whyUnseen } from "#verify/replay/coverage.js";
import type { ReplayCase } from "#verify/replay/replay-case.js";
import { isDirectionKnown } from "#verify/replay/is-direction-known.js";
import type { SeenFlow } from "#verify/replay/seen-flow.js";
import { captureTapOf, isAtTap } from "#verify/replay/tap-at.js";

export interface WayPoint {
  readonly sighting: PredictedSighting;
  /** The capture that was taken there; undefined: none. */
  readonly point: Point | undefined;
  readonly shows: "as foretold" | "otherwise" | "nothing" | "unknown";
  /** What it shows instead. */
  readonly instead: SeenFlow | undefined;
  /** At the receiver, or on the veth that leads to it and nowhere else. */
  readonly isAtEnd: boolean;
}

/** Every place of one direction that a capture could have been taken at and must show the packet. */
export function wayOf(
  theCase: ReplayCase,
  direction: PredictedSighting["direction"],
): readonly WayPoint[] {
  const { path, sightings } = theCase.best;
  const hops = direction === "request" ? path.request : (path.reply?.hops ?? []);
  const must = sightings.filter((one) => one.direction === direction && one.seen === "must");
  return inOrder(must, { path, hops }).map(({ sighting, isAtEnd }) => {
    const shown = theCase.points
      .filter((point) => isThere(theCase, { point, sighting }))
      .map((point) => ({ sighting, isAtEnd, point, ...shownAt(theCase, { point, sighting }) }))
      .sort(
        (a, b) => WEIGHT[a.shows] - WEIGHT[b.shows] || a.point.name.length - b.point.name.length,
      );
    const unknown = { point: undefined, shows: "unknown", instead: undefined } as const;
    return shown[0] ?? { sighting, isAtEnd, ...unknown };
  });
}

/** Where several captures were taken at one place, what was seen counts, and what was rewritten. */
const WEIGHT: Readonly<Record<WayPoint["shows"], number>> = {
  "as foretold": 0,
  otherwise: 1,
  nothing: 2,
  unknown: 3,
};

interface Place {
  readonly point: Point;
  readonly sighting: PredictedSighting;
}

/** A capture of all interfaces may show it anywhere. */
function isThere({ best }: ReplayCase, { point, sighting }: Place): boolean {
  const tap = captureTapOf(point);
  return (
    tap.kind !== "any" &&
    isAtTap(tap, sighting.point) &&
    (best.must.get(point)?.includes(sighting) ?? false)
  );
}

function shownAt(
  theCase: ReplayCase,
  { point, sighting }: Place,
): Pick<WayPoint, "shows" | "instead"> {
  const { best } = theCase;
  const absent = best.absent.find((one) => one.point === point && one.sighting === sighting);
  if (absent === undefined) return { shows: "as foretold", instead: undefined };
  const instead = best.flows.find(
    ({ flow, sighting: known }) =>
      known === undefined && flow.point === point && isOfDirection(flow, sighting),
  )?.flow;
  if (instead) return { shows: "otherwise", instead };
  const isProven = whyUnseen(absent, theCase) === undefined;
  return { shows: isProven ? "nothing" : "unknown", instead: undefined };
}

function isOfDirection(flow: SeenFlow, { direction, outer }: PredictedSighting): boolean {
  const isSide =
    !isDirectionKnown(flow.connection) || (flow.side === 0) === (direction === "request");
  return isSide && flow.isTunnelled === (outer !== undefined);
}

interface Ways {
  readonly path: Path;
  readonly hops: readonly Hop[];
}

interface Placed {
  readonly sighting: PredictedSighting;
  readonly isAtEnd: boolean;
}

/** The sender outside, then hop by hop, then the receiver outside. */
function inOrder(sightings: readonly PredictedSighting[], { path, hops }: Ways): readonly Placed[] {
  let at = 0;
  const end = hops.length;
  const goesOutside = isOutside(path, sightings[0]?.direction);
  const ranked = sightings.map((sighting, order) => {
    const { namespace, kind } = sighting.point;
    if (namespace.kind === "outside") {
      const isFirst = isSender(path, sighting);
      return { sighting, order, hop: isFirst ? -1 : end, rank: 0, isAtEnd: !isFirst };
    }
    const from = hops.findIndex(
      (hop, index) => index >= at && sameNamespace(hop.namespace, namespace),
    );
    if (from >= 0) at = from;
    const hop = hops[at];
    const rank = hop ? rankOf(sighting, hop, hops[at - 1]) : 0;
    const isLeading = kind === "veth" && rank === LEAVING && at === end - 2;
    const isAtEnd = !goesOutside && (at === end - 1 || isLeading);
    return { sighting, order, hop: at, rank, isAtEnd };
  });
  return ranked.sort((a, b) => a.hop - b.hop || a.rank - b.rank || a.order - b.order);
}

function isSender({ dial }: Path, { direction, tuple }: PredictedSighting): boolean {
  const isDiallers = dial.from.kind === "outside";
  if (direction === "request") return isDiallers && samePredictedTuple(tuple, dial.tuple);
  return !isDiallers;
}

/** Whoever is to receive it. */
function isOutside({ dial, end }: Path, direction: PredictedSighting["direction"] | undefined) {
  if (direction === "reply") return dial.from.kind === "outside";
  return end.kind === "delivered" && end.to.kind === "outside";
}

const LEAVING = 6;

/** Within one namespace: 0 to 2 before its rules, 3 and more behind them. */
function rankOf({ point, tuple, outer }: PredictedSighting, hop: Hop, previous: Hop | undefined) {
  const { arrival, trace } = hop;
  const came = arrival.from === "interface" ? arrival.name : undefined;
  const fromPod = previous?.namespace.kind === "pod" ? previous.namespace.name : undefined;
  switch (point.kind) {
    case "veth":
      return fromPod === point.pod && samePredictedAddresses(tuple, trace.first) ? 0 : LEAVING;
    case "bridge":
      return fromPod === undefined ? 5 : 1;
    case "overlay":
      return came === point.interface ? 2 : 4;
    case "uplink":
      if (outer !== undefined) return previous?.outer === undefined ? LEAVING : 0;
      return came === point.interface ? 1 : LEAVING;
    case "loopback":
      return 3;
  }
}
