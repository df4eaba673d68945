/** Which connections of a run get a journey: all of a small one, else those asked for and a few of each kind. */
import type { PredictedTuple } from "#expected/netfilter/predicted-tuple.js";
import { isCalled } from "./called.js";
import type { JourneyStop, Rewrite } from "./journey-stop.js";
import type { ConnectionReport } from "./report.js";

/** The journey of a connection, by the report as it is in the end. */
export type StopsOf = (report: ConnectionReport) => readonly JourneyStop[];

/** By the connection's id. */
export type Tellable = ReadonlyMap<string, StopsOf>;

/** What gives the packets of one direction another tuple, asked in the order of the path. */
export interface RewrittenWay {
  /** Since the stop before, up to one that has this tuple; none where nothing on the way leads to it. */
  readonly upTo: (tuple: PredictedTuple) => readonly Rewrite[];
  /** Behind the last stop. */
  readonly rest: () => readonly Rewrite[];
}

export type RewritesOf = (direction: JourneyStop["direction"]) => RewrittenWay;

/** A person reads a handful; a report that shows every one of a hundred is still light. */
const MAX_ALL = 100;
/** Of each verdict with the same findings. */
const MAX_OF_KIND = 3;
/** Some of a kind may turn out to be of another one, when a whole run is looked at. */
const SPARE = 4;

/** Everything that a journey is made from is large: what will not be told is let go of early. */
export function worthTelling<Judged extends { readonly report: ConnectionReport }>(
  judged: readonly Judged[],
  asked: readonly string[] = [],
): readonly Judged[] {
  if (judged.length <= MAX_ALL) return judged;
  const isFirst = firstOfKinds(MAX_OF_KIND * SPARE);
  return judged.filter(
    ({ report }) => isFirst(report) || asked.some((name) => isCalled(report, name)),
  );
}

export function withStops(
  reports: readonly ConnectionReport[],
  {
    stops,
    asked = [],
  }: { readonly stops: Tellable; readonly asked?: readonly string[] | undefined },
): readonly ConnectionReport[] {
  const isFirst = firstOfKinds(reports.length <= MAX_ALL ? MAX_ALL : MAX_OF_KIND);
  return reports.map((report) => {
    const stopsOf = stops.get(report.id);
    if (stopsOf === undefined) return report;
    const isTold = isFirst(report) || asked.some((name) => isCalled(report, name));
    return isTold ? { ...report, stops: stopsOf(report) } : report;
  });
}

/** Asked in order: true of so many of each verdict with the same findings. */
function firstOfKinds(count: number): (report: ConnectionReport) => boolean {
  const taken = new Map<string, number>();
  return ({ verdict, checks }) => {
    const codes = checks.flatMap(({ finding }) => finding?.code ?? []);
    const kind = [verdict, ...new Set(codes)].sort().join(" ");
    const before = taken.get(kind) ?? 0;
    taken.set(kind, before + 1);
    return before < count;
  };
}
