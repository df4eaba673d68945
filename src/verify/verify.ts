/**
 * Connection by connection: what the datapath should do against what the captures show. The only
 * folder that sees both sides.
 */
import { portConflicts } from "#cluster/port-conflicts.js";
import { alignJourneys } from "#observed/correlate/align-clocks.js";
import { joinConnections } from "#observed/correlate/join.js";
import { alignCapture, clockNotes, clocksOf } from "./clocks-of.js";
import { conntrackOfRun } from "./dialled.js";
import { carriedOn } from "./carried-on.js";
import { withJoinEvidence } from "./join-evidence.js";
import { withoutNamelessVeths, withSeenPods } from "./seen-pods.js";
import { withoutUnlisted } from "./unlisted.js";
import { withLatency } from "./latency-of.js";
import { withoutMisnamed } from "./misnamed.js";
import { withoutFalsePods } from "./place-check.js";
import { withProxyCauses } from "./proxy-causes.js";
import { pointKey, pointsOf } from "./point.js";
import type { Replayed } from "./replay/replay.js";
import { worst, type ConnectionReport, type Report } from "./report.js";
import { relevantTopology } from "./relevant-topology.js";
import { movedPods, withoutAccusation } from "./stale-topology.js";
import { withStops } from "./stops-told.js";
import { strictly } from "./strictly.js";
import { summaryNotes } from "./summary.js";
import { reportsOf } from "./reports-of.js";
import type { VerifyInput } from "./verify-input.js";

export function verify(asked: VerifyInput): Report {
  return verifyAndReplay(asked).report;
}

/** The report, and every connection with the model's path that is nearest to it. */
export function verifyAndReplay(asked: VerifyInput): Verified {
  const { scenario, captures, connections, strict } = asked;
  const topology = asked.given.topology && withSeenPods(asked.given.topology, asked);
  const given = { ...asked.given, topology: topology && relevantTopology(topology, asked) };
  const input = { ...asked, given };
  const joined = joinConnections(connections, { conntrack: input.conntrack ?? [] });
  const clocks = clocksOf({ captures, journeys: joined, topology: given.topology });
  const journeys = alignJourneys(joined, clocks);
  const aligned = captures.map((capture) => alignCapture(capture, clocks));
  const named = pointsOf(aligned, connections, given.topology);
  const checked = withoutMisnamed(named, journeys, given.topology);
  const listed = withoutUnlisted(checked.points, topology);
  const points = withoutFalsePods(withoutNamelessVeths(listed.points), journeys);
  const conntrack = input.conntrack && conntrackOfRun(input.conntrack, { journeys, points });
  const {
    reports: found,
    across,
    notes,
    counters,
    stops,
    replayed = [],
  } = reportsOf({ ...input, points, journeys, conntrack });
  const objections = movedPods(points, journeys, given.topology);
  const byId = new Map(journeys.map((journey) => [journey.id, journey]));
  const sure = found.map((report) => {
    const unlisted = (byId.get(report.id)?.connections ?? []).flatMap(
      ({ point }) => listed.objections.get(pointKey(point)) ?? [],
    );
    return withoutAccusation(report, [...objections, ...new Set(unlisted)]);
  });
  const relations = carriedOn(journeys, given.topology);
  const judged = (strict ? sure.map(strictly) : sure).map(withCausesOfFailures);
  const told = withProxyCauses(judged, relations);
  const timed = withLatency(told, { journeys, clocks, points });
  const reports = withStops(timed, { stops, asked: asked.journeysOf });
  const assumptions = reports.flatMap((report) =>
    report.checks.flatMap((check) => check.assumptions),
  );
  const verdict = worst([
    ...reports.map((report) => report.verdict),
    ...across.map(({ check }) => check.verdict),
  ]);
  const report: Report = {
    scenario: scenario.name,
    // Nothing to check is not agreement.
    verdict: verdict === "not applicable" ? "inconclusive" : verdict,
    assumptions: [...new Set(assumptions)],
    connections: withJoinEvidence(reports, journeys),
    across,
    clocks: clocks.estimates,
    carriedOn: relations,
    counters,
    notes: [
      ...checked.notes,
      ...listed.notes,
      ...clockNotes(clocks.estimates, given.topology),
      ...notes,
      ...(given.topology ? portConflicts(given.topology) : []),
      ...summaryNotes({
        scenario,
        reports,
        journeys,
        points: [...points.values()],
        given,
        observed: { journeys, points },
      }),
    ],
  };
  return { report, replayed };
}

export interface Verified {
  readonly report: Report;
  /** Of a hostPort's rows none. */
  readonly replayed: readonly Replayed[];
}

/** A verdict that was taken back accuses nobody. */
function withCausesOfFailures(report: ConnectionReport): ConnectionReport {
  return report.verdict === "fail" ? report : { ...report, attributions: [] };
}
