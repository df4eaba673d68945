/** The journey of a connection that a hostPort's rows judge: what each point was to show, and did. */
import {
  ROW_POINTS,
  type PointRow,
  type RowPoint,
  type TupleRow,
} from "#expected/scenarios/scenario.js";
import {
  formatPredictedEndpoint,
  type PredictedTuple,
} from "#expected/netfilter/predicted-tuple.js";
import type { Case } from "./case.js";
import { isAnswered, wentOn } from "./checks/answered.js";
import { coverageOf } from "./checks/coverage.js";
import { isOfBystander } from "./checks/seen-everywhere.js";
import { whyBlind } from "./coverage.js";
import type { JourneyStop, Rewrite, StopOutcome } from "./journey-stop.js";
import { pointKey, type Point } from "./point.js";
import type { ConnectionReport } from "./report.js";
import type { Sighting } from "./sighting.js";
import { observedHere } from "./stops-observed.js";
import { stopsAlongPath } from "./stops-order.js";
import { endsOf, formatTupleRow, isOfTuple, predictedRow } from "./stops-row-tuples.js";
import { stopsSettled } from "./stops-settled.js";
import type { RewritesOf, RewrittenWay } from "./stops-told.js";

type Direction = JourneyStop["direction"];

interface Place {
  readonly point: Point;
  readonly at: RowPoint | undefined;
  readonly direction: Direction;
  readonly row: PointRow | undefined;
  readonly tuple: TupleRow | undefined;
  readonly sighting: Sighting | undefined;
  readonly outcome: StopOutcome;
  readonly why: string | undefined;
}

export interface StopsOfRow {
  /** As it is told in the end: checks that were taken back accuse nobody. */
  readonly report: ConnectionReport;
  /** The model's, where a topology lets it walk the same way. */
  readonly rewritesOf: RewritesOf | undefined;
}

export function stopsOfRow(
  theCase: Case,
  { report, rewritesOf }: StopsOfRow,
): readonly JourneyStop[] {
  const ways = {
    request: rewritesOf?.("request") ?? rowsRewrites(theCase),
    reply: rewritesOf?.("reply") ?? NO_REWRITES,
  };
  const stops = (["request", "reply"] as const).flatMap((direction) => {
    const places = theCase.points.flatMap((point) =>
      placesAt(theCase, { point, direction, report }),
    );
    const ordered = stopsAlongPath(places, (place) => ({
      rank: rankOf(place),
      ttl: place.sighting?.ttl,
    }));
    return ordered.map((place, index) => {
      const { sighting, tuple } = place;
      const isAsFound = sighting !== undefined && place.outcome !== "differs";
      const here = isAsFound ? tupleOf(sighting) : tuple && predictedRow(theCase, tuple);
      // The pod is behind the last point that a request was captured at.
      const behind = direction === "reply" && index === 0 ? ways.request.rest() : [];
      const rewrites = [...behind, ...(here ? ways[direction].upTo(here) : [])];
      return { ...stopOf(theCase, place), rewrites };
    });
  });
  return stopsSettled(stops, report);
}

function tupleOf({ source, destination, connection: { protocol } }: Sighting): PredictedTuple {
  return { protocol, source, destination };
}

const NO_REWRITES: RewrittenWay = { upTo: () => [], rest: () => [] };

/** The rules as the row tells them, at the first point that shows another tuple than the one before. */
function rowsRewrites({ row }: Case): RewrittenWay {
  let before: string | undefined;
  let isTold = false;
  return {
    upTo({ source, destination }) {
      const after = [source, destination].map(formatPredictedEndpoint).join(" > ");
      const from = before;
      before = after;
      if (isTold || from === undefined || from === after) return [];
      isTold = true;
      return row.rules.map((text) => ruleOfRow(text, { before: from, after }));
    },
    rest: () => [],
  };
}

/** Rows write rules as `nat PREROUTING   -m addrtype …`. */
function ruleOfRow(text: string, shown: Pick<Rewrite, "before" | "after">): Rewrite {
  const [table = "", chain = "", ...rest] = text.split(/ +/);
  const owner = /CNI-/.test(text) ? "portmap" : "unknown";
  return {
    ...shown,
    at: "the node",
    table,
    chain,
    owner,
    text: rest.join(" "),
    file: undefined,
    line: undefined,
  };
}

/** From whoever dials to the pod. A pod that dials itself is passed on the way out and on the way in. */
function rankOf({ at, tuple, direction }: Place): number | undefined {
  if (at === undefined || tuple === undefined) return undefined;
  const order = ROW_POINTS.indexOf(at);
  const [from, to] = endsOf(tuple);
  const isAtPod = at === "veth" || at === "pod";
  if (direction === "request") return isAtPod && to === "node" ? -order : order;
  return isAtPod && from === "node" ? order : -order;
}

interface Asked {
  readonly point: Point;
  readonly direction: Direction;
  readonly report: ConnectionReport;
}

function placesAt(theCase: Case, asked: Asked): readonly Place[] {
  const { point, direction } = asked;
  const at = theCase.rowPointOf(point);
  const row = theCase.row.points.find((candidate) => candidate.at === at);
  const here = theCase.sightings.filter(
    (one) => one.point === point.name && one.direction === direction,
  );
  const place = { point, at, direction, row };
  if (row === undefined || isOfBystander(theCase, point, at)) {
    const why = point.place.role === "any" ? ALL_AT_ONCE : NO_ROW;
    return here.map((sighting) => ({
      ...place,
      tuple: undefined,
      sighting,
      outcome: "unjudged",
      why,
    }));
  }
  const tuples = direction === "request" ? row.requests : row.replies;
  const shown = here.map((sighting) => ({
    ...place,
    sighting,
    ...shownAs(theCase, { row, tuples, here, sighting }),
  }));
  const absent = unseen(theCase, { row, at, tuples, here }).map((tuple) => ({
    ...place,
    tuple,
    sighting: undefined,
    ...absence(theCase, asked, row),
  }));
  return [...shown, ...absent];
}

const NO_ROW = "the scenario does not say what this point shows";
const ALL_AT_ONCE = "all interfaces at once, and nothing says which one";

interface AtRow {
  readonly row: PointRow;
  readonly tuples: readonly TupleRow[];
  readonly here: readonly Sighting[];
}

function shownAs(
  theCase: Case,
  { row, tuples, here, sighting }: AtRow & { readonly sighting: Sighting },
): Pick<Place, "tuple" | "outcome" | "why"> {
  if (row.seen === "never") return { tuple: undefined, outcome: "stray", why: row.why };
  const tuple = tuples.find((one) => isOfTuple(theCase, one, sighting));
  if (tuple) return { tuple, outcome: "as expected", why: undefined };
  const open = tuples.find((one) => !here.some((other) => isOfTuple(theCase, one, other)));
  if (open && row.at !== "pod" && isNodeUnknown(theCase)) {
    return { tuple: undefined, outcome: "unjudged", why: NO_NODE };
  }
  if (open) return { tuple: open, outcome: "differs", why: undefined };
  return { tuple: undefined, outcome: "stray", why: undefined };
}

/** Several nodes were captured, and which of them a row means nobody said. */
function isNodeUnknown({ facts, points }: Case): boolean {
  const nodes = new Set(points.flatMap(({ place }) => place.node ?? []));
  return facts.target.node === undefined && nodes.size > 1;
}

const NO_NODE = "nothing says which node serves the port: --topology";

/** The tuples of a row are one or another of them, but for the two legs of a pod that dials itself. */
function unseen(
  theCase: Case,
  { row, at, tuples, here }: AtRow & Pick<Place, "at">,
): readonly TupleRow[] {
  if (row.seen === "never") return [];
  const isTwice = theCase.row.client === "hairpin" && (at === "veth" || at === "pod");
  if (!isTwice) return here.length === 0 ? tuples.slice(0, 1) : [];
  const open = tuples.filter((one) => !here.some((other) => isOfTuple(theCase, one, other)));
  const strange = here.filter((other) => !tuples.some((one) => isOfTuple(theCase, one, other)));
  return open.slice(strange.length);
}

function absence(
  theCase: Case,
  { point, direction, report }: Asked,
  row: PointRow,
): Pick<Place, "outcome" | "why"> {
  if (row.seen === "maybe") {
    return { outcome: "not seen", why: row.why ?? "it depends on how the capture was taken" };
  }
  const why =
    direction === "request" ? whyNoRequest(theCase, point) : whyNoReply(theCase, { point, report });
  return why === undefined ? { outcome: "missing", why } : { outcome: "not seen", why };
}

function whyNoRequest(theCase: Case, point: Point): string | undefined {
  const coverage = coverageOf(point, theCase);
  if (!coverage.couldSee) return coverage.because;
  return isAnswered(theCase) ? "it is answered, so it went through" : undefined;
}

interface Unanswered {
  readonly point: Point;
  readonly report: ConnectionReport;
}

function whyNoReply(theCase: Case, { point, report }: Unanswered): string | undefined {
  const blind = whyBlind(point, theCase.journey);
  if (blind !== undefined) return blind;
  if (!showsOthersAnswered(theCase, point)) {
    return `${point.name} shows no other answer of the pod, so a filter may hide this one`;
  }
  const requests = theCase.sightings.filter(({ direction }) => direction === "request");
  const isTcp = theCase.journey.protocol === "tcp";
  if (isTcp && requests.some(({ connection }) => wentOn(connection))) {
    return "the client goes on, so it got the answer";
  }
  if (!requests.some(({ stage }) => stage === "delivered")) {
    return "nothing shows the request at the pod, so there may be no answer";
  }
  const isLost = report.checks.some(
    ({ check, verdict }) =>
      verdict === "fail" && (check === "answered" || check === "reply translated back"),
  );
  return isLost ? undefined : "nothing shows that it was answered";
}

function showsOthersAnswered({ journeys, journey, facts }: Case, { key }: Point): boolean {
  const { target } = facts;
  const ports = new Set([target.port, target.hostPort]);
  return journeys.some(
    (other) =>
      other !== journey &&
      other.protocol === journey.protocol &&
      other.connections.some(
        ({ point, responder, packets }) =>
          pointKey(point) === key && ports.has(responder.port) && packets[1] > 0,
      ),
  );
}

function stopOf(theCase: Case, place: Place): Omit<JourneyStop, "rewrites"> {
  const { point, direction, tuple, row, sighting, outcome, why } = place;
  return {
    point: point.name,
    direction,
    outcome,
    expected: expectedOf(theCase, { tuple, row }),
    observed: sighting && observedHere(sighting),
    why,
  };
}

function expectedOf(
  theCase: Case,
  { tuple, row }: Pick<Place, "tuple" | "row">,
): JourneyStop["expected"] {
  if (tuple === undefined || row === undefined) return undefined;
  const seen = SEEN[row.seen];
  return { ...formatTupleRow(theCase, tuple), seen };
}

const SEEN = { always: "must", maybe: "may", never: "never" } as const;
