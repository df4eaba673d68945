/** Which connections of a run get a journey: all of a small one, else those asked for and a few of each kind. */
import type { PredictedTuple } from "#expected/netfilter/predicted-tuple.js";
import type { JourneyStop, Rewrite } from "./journey-stop.js";
import type { ConnectionReport } from "./report.js";

/** The journey of a connection, by the report as it is in the end. */
export type StopsOf = (report: ConnectionReport) => readonly JourneyStop[];

/** Asked stop by stop: what gave the packet this tuple since the stop before. */
export type RewritesOf = (
  direction: JourneyStop["direction"],
) => (tuple: PredictedTuple) => readonly Rewrite[];

/** A person reads a handful; a report that shows every one of a hundred is still light. */
const MAX_ALL = 100;
/** Of each verdict with the same findings. */
const MAX_OF_KIND = 3;

export interface Journeys {
  /** By the connection's id. */
  readonly stops: ReadonlyMap<string, StopsOf>;
  /** Ids that the user asked for. */
  readonly asked: ReadonlySet<string>;
}

export function withStops(
  reports: readonly ConnectionReport[],
  { stops, asked }: Journeys,
): readonly ConnectionReport[] {
  const chosen = chosenOf(reports, asked);
  return reports.map((report) => {
    const stopsOf = chosen.has(report.id) ? stops.get(report.id) : undefined;
    return stopsOf ? { ...report, stops: stopsOf(report) } : report;
  });
}

function chosenOf(
  reports: readonly ConnectionReport[],
  asked: ReadonlySet<string>,
): ReadonlySet<string> {
  if (reports.length <= MAX_ALL) return new Set(reports.map(({ id }) => id));
  const taken = new Map<string, number>();
  const chosen = new Set(asked);
  for (const report of reports) {
    const kind = kindOf(report);
    const count = taken.get(kind) ?? 0;
    if (count >= MAX_OF_KIND) continue;
    taken.set(kind, count + 1);
    chosen.add(report.id);
  }
  return chosen;
}

function kindOf({ verdict, checks }: ConnectionReport): string {
  const codes = checks.flatMap(({ finding }) => finding?.code ?? []);
  return [verdict, ...new Set(codes)].sort().join(" ");
}
