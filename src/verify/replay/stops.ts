/** A replayed connection's journey: what each capture point was to show of the model's path, and did. */
import {
  formatPredictedEndpoint,
  formatPredictedTuple,
  isPredicted,
} from "#expected/netfilter/predicted-tuple.js";
import type { Network } from "#expected/network/network.js";
import { formatTuple } from "#net/five-tuple.js";
import type { PredictedSighting } from "#expected/taps/predicted-sighting.js";
import { wentOn } from "#verify/checks/answered.js";
import type { ExpectedHere, JourneyStop, StopOutcome } from "#verify/journey-stop.js";
import type { Point } from "#verify/point.js";
import type { ConnectionReport } from "#verify/report.js";
import { stopsAlongPath } from "#verify/stops-order.js";
import { stopsSettled } from "#verify/stops-settled.js";
import { isTunnelTransport } from "#verify/tunnel-transport.js";
import type { ComparedFlow } from "./compare.js";
import { isAnswered, isAtServer, nodesOwnAnswer, repliesOf, requestsOf } from "./compared.js";
import { whyUnseen } from "./coverage.js";
import { placeOnWay } from "./place-on-way.js";
import type { ReplayCase } from "./replay-case.js";
import type { SeenFlow } from "./seen-flow.js";
import { observedHere } from "./stops-observed.js";
import { rewritesAlong } from "./stops-rewrites.js";
import { captureTapOf } from "./tap-at.js";

export interface StopsOfCase {
  /** As it is told in the end: checks that were taken back accuse nobody. */
  readonly report: ConnectionReport;
  /** True where the nearest path is only a guess. */
  readonly isGuess: boolean;
  /** Whose nodes may have rules of their own, saved in files. */
  readonly saved: Network;
}

type Direction = JourneyStop["direction"];

/** A stop before it is known what stands between it and the one before. */
interface Place {
  readonly point: Point;
  readonly direction: Direction;
  readonly sighting: PredictedSighting | undefined;
  readonly flow: SeenFlow | undefined;
  readonly outcome: StopOutcome;
  readonly why: string | undefined;
}

export function stopsOfCase(
  theCase: ReplayCase,
  { report, isGuess, saved }: StopsOfCase,
): readonly JourneyStop[] {
  const directions = ["request", "reply"] as const;
  const ways = {
    request: rewritesAlong(theCase.best.path, { direction: "request", saved }),
    reply: rewritesAlong(theCase.best.path, { direction: "reply", saved }),
  };
  const stops = directions.flatMap((direction) => {
    const places = placesOf(theCase, { direction, report });
    const judged = isGuess ? places.map(asGuess) : places;
    const ordered = stopsAlongPath(judged, ({ sighting, flow }) => ({
      rank: sighting ? placeOnWay(theCase.best.path, sighting) : rankOfResets(flow),
      ttl: flow?.ttl,
    }));
    return ordered.map((place, index) => {
      const expected = place.sighting?.tuple;
      // The server is behind the last point that a request was captured at.
      const behind = direction === "reply" && index === 0 ? ways.request.rest() : [];
      const rewrites = [...behind, ...(expected ? ways[direction].upTo(expected) : [])];
      return { ...stopOf(place), rewrites };
    });
  });
  return stopsSettled(stops, report);
}

/** They answer what came back: behind all that led there. */
function rankOfResets(flow: SeenFlow | undefined): number | undefined {
  return flow && isResets(flow) ? Number.MAX_SAFE_INTEGER : undefined;
}

/** By Zeek's history letters: upper case are the originator's, `^` is a turned direction. */
function isResets({ connection: { history }, side }: SeenFlow): boolean {
  return side === 0 ? /^[a-z^]*R[a-zR]*$/.test(history) : /^[A-Z^]*r[A-Zr]*$/.test(history);
}

/** What only the nearest path says, which may be another one's. */
function asGuess(place: Place): Place {
  if (place.flow === undefined) return { ...place, outcome: "not seen", why: GUESS };
  return place.outcome === "as expected" ? place : { ...place, outcome: "unjudged", why: GUESS };
}

const GUESS = "expected of the path that is nearest to what was seen, and it may be another";

interface Asked {
  readonly direction: Direction;
  readonly report: ConnectionReport;
}

function placesOf(theCase: ReplayCase, asked: Asked): readonly Place[] {
  const { direction } = asked;
  const compared = direction === "request" ? requestsOf(theCase) : repliesOf(theCase);
  return theCase.points.flatMap((point) => {
    const here = compared.filter(({ flow }) => flow.point === point);
    if (captureTapOf(point).kind === undefined) return unplaced(theCase, { point, direction });
    return placesAt(theCase, { ...asked, point, here });
  });
}

/** Its name does not say where it was taken. */
function unplaced(
  { flows }: ReplayCase,
  { point, direction }: Pick<Place, "point" | "direction">,
): readonly Place[] {
  const why = `the name ${point.name} does not say where it was captured`;
  return flows
    .filter((flow) => flow.point === point && (flow.side === 0) === (direction === "request"))
    .map((flow) => ({ point, direction, sighting: undefined, flow, outcome: "unjudged", why }));
}

interface AtPoint extends Asked {
  readonly point: Point;
  readonly here: readonly ComparedFlow[];
}

function placesAt(theCase: ReplayCase, at: AtPoint): readonly Place[] {
  const { point, direction, here } = at;
  const foretold = (theCase.best.at.get(point) ?? []).filter((one) => one.direction === direction);
  const isOfPoint = { point, direction };
  const seen = here.flatMap(({ flow, sighting, keepsPort }): readonly Place[] => {
    if (sighting === undefined) return [];
    const why = keepsPort ? aroundIt(sighting) : OTHER_PORT;
    return [{ ...isOfPoint, sighting, flow, outcome: "as expected", why }];
  });
  const open = distinct([
    ...theCase.best.absent
      .filter((one) => one.point === point && one.sighting.direction === direction)
      .map(({ sighting }) => sighting),
    ...foretold.filter(({ seen: how }) => how === "may"),
  ]).filter((one) => !seen.some(({ sighting }) => sighting && isAlike(sighting, one)));
  const unforetold = here.filter(({ sighting }) => sighting === undefined);
  const otherwise = unforetold.map(({ flow }) => {
    const index = open.findIndex((one) => flow.isTunnelled === (one.outer !== undefined));
    const [sighting] = index >= 0 ? open.splice(index, 1) : [];
    return { ...isOfPoint, sighting, flow, ...outcomeOf(theCase, { flow, sighting }) };
  });
  const shown = [...seen, ...otherwise];
  const absent = open
    .filter(({ seen: how }, index) => how === "must" || (shown.length === 0 && index === 0))
    .map((sighting) => ({
      ...isOfPoint,
      sighting,
      flow: undefined,
      ...absence(theCase, at, sighting),
    }));
  return [...shown, ...absent];
}

const OTHER_PORT = "with another port: a connection that was there before had its own";

function aroundIt({ outer }: PredictedSighting): string | undefined {
  return outer && `in a tunnel, ${formatPredictedTuple(outer)}`;
}

function outcomeOf(
  { best }: ReplayCase,
  { flow, sighting }: Pick<ComparedFlow, "flow" | "sighting">,
): Pick<Place, "outcome" | "why"> {
  const { tuple, ttl } = flow;
  if (sighting) return { outcome: "differs", why: aroundIt(sighting) };
  if (isTunnelTransport(tuple.protocol, tuple.destination.port)) {
    return { outcome: "unjudged", why: "the tunnel's own packets" };
  }
  // What a promiscuous bridge lets the node route goes on to the ports.
  const copy = best.flows.find(
    (other) =>
      other.sighting?.seen === "may" &&
      other.flow.ttl === ttl &&
      formatTuple(other.flow.tuple) === formatTuple(tuple),
  );
  if (copy) return { outcome: "unjudged", why: copy.sighting?.why };
  const isWrapped = best.at
    .get(flow.point)
    ?.some(
      (one) => (one.outer !== undefined) !== flow.isTunnelled && isPredicted(one.tuple, tuple),
    );
  if (isWrapped) return { outcome: "stray", why: flow.isTunnelled ? TUNNELLED : NOT_TUNNELLED };
  const why = isResets(flow)
    ? "resets: their sender does not know the answers that it got"
    : undefined;
  return { outcome: "stray", why };
}

const TUNNELLED = "in a tunnel, and expected as it is";
const NOT_TUNNELLED = "not in the tunnel that it is expected in";

function distinct(sightings: readonly PredictedSighting[]): PredictedSighting[] {
  return sightings.filter((one, at) => sightings.findIndex((other) => isAlike(other, one)) === at);
}

/** A bridge may show two that differ in their TTL alone. */
function isAlike(one: PredictedSighting, other: PredictedSighting): boolean {
  return (
    formatPredictedTuple(one.tuple) === formatPredictedTuple(other.tuple) &&
    (one.outer === undefined) === (other.outer === undefined)
  );
}

function absence(
  theCase: ReplayCase,
  { point, report, direction }: AtPoint,
  sighting: PredictedSighting,
): Pick<Place, "outcome" | "why"> {
  if (sighting.seen === "may") {
    const depends = sighting.why ?? "it depends on how the capture was taken";
    return { outcome: "not seen", why: depends };
  }
  if (direction === "reply" && isAskedAgain(theCase, { point, sighting, report })) {
    return { outcome: "missing", why: "it asks again and again, so it did not get one" };
  }
  const blind = whyUnseen({ point, sighting }, theCase);
  if (blind !== undefined) return { outcome: "not seen", why: blind };
  const excuse =
    beyond(theCase, sighting) ??
    (direction === "request" ? ofRequest(theCase) : ofReply(theCase, report));
  return excuse === undefined
    ? { outcome: "missing", why: undefined }
    : { outcome: "not seen", why: excuse };
}

interface Unanswered {
  readonly point: Point;
  readonly sighting: PredictedSighting;
  readonly report: ConnectionReport;
}

/** Whoever dials says by dialling again that it got no answer, whatever a filter hides. */
function isAskedAgain(
  theCase: ReplayCase,
  { point, sighting: { point: tap }, report }: Unanswered,
): boolean {
  const { from } = theCase.dial;
  const isDiallers =
    tap.namespace.kind === from.kind &&
    (from.kind === "outside" || ("name" in tap.namespace && tap.namespace.name === from.name));
  const asked = requestsOf(theCase).find(({ flow }) => flow.point === point);
  const isRepeated = (asked?.flow.connection.directions[0].syns ?? 0) > 1;
  return isDiallers && isRepeated && isAnswerLost(report);
}

function isAnswerLost({ checks }: ConnectionReport): boolean {
  return checks.some(({ check, verdict }) => verdict === "fail" && OF_ANSWERS.has(check));
}

/** What goes through crossed every point: then it is the capture that lacks it. */
function beyond(
  { best }: ReplayCase,
  { direction, ...rest }: PredictedSighting,
): string | undefined {
  const at = placeOnWay(best.path, { direction, ...rest });
  const further = best.flows.find(
    ({ sighting }) => sighting?.direction === direction && placeOnWay(best.path, sighting) > at,
  );
  return further && `${further.flow.point.name} shows it further on`;
}

function ofRequest(theCase: ReplayCase): string | undefined {
  const isOfServer = isAnswered(theCase) && nodesOwnAnswer(theCase) === undefined;
  return isOfServer ? "it is answered, so it went through" : undefined;
}

function ofReply(theCase: ReplayCase, report: ConnectionReport): string | undefined {
  const isTcp = theCase.journey.protocol === "tcp";
  if (isTcp && requestsOf(theCase).some(({ flow }) => wentOn(flow.connection))) {
    return "the client goes on, so it got the answer";
  }
  if (!theCase.best.flows.some((compared) => isAtServer(theCase, compared))) {
    return "nothing shows the request at its server, so there may be no answer";
  }
  return isAnswerLost(report) ? undefined : "nothing shows that it was answered";
}

const OF_ANSWERS: ReadonlySet<string> = new Set([
  "answered",
  "reply translated back",
  "data arrives",
  "health answer",
  "rejected",
  "seen at every point it must cross",
]);

function stopOf({
  point,
  direction,
  sighting,
  flow,
  outcome,
  why,
}: Place): Omit<JourneyStop, "rewrites"> {
  return {
    point: point.name,
    direction,
    outcome,
    expected: sighting && expectedHere(sighting),
    observed: flow && observedHere(flow),
    why,
  };
}

function expectedHere({ tuple: { source, destination }, seen }: PredictedSighting): ExpectedHere {
  return {
    source: formatPredictedEndpoint(source),
    destination: formatPredictedEndpoint(destination),
    seen,
  };
}
