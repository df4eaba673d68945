/** A topology that is older than the captures: pods have other addresses there than in it. */
import type { Topology } from "#cluster/topology.js";
import type { Journey } from "#observed/correlate/journey.js";
import { connectionsByPoint, sendingAddress } from "./place-check.js";
import type { Point } from "./point.js";
import { worst, type Check, type ConnectionReport } from "./report.js";

/** A sentence per pod whose own capture shows it at another address. */
export function movedPods(
  points: ReadonlyMap<string, Point>,
  journeys: readonly Journey[],
  topology: Topology | undefined,
): readonly string[] {
  const byPoint = connectionsByPoint(journeys);
  return [...points.values()].flatMap(({ key, name, place }) => {
    const pod = topology?.pods.find((candidate) => candidate.name === place.pod);
    if (place.role !== "pod" || !pod || pod.hostNetwork) return [];
    const seen = sendingAddress(byPoint.get(key) ?? []);
    if (seen === undefined || seen === pod.address) return [];
    return [`${name} shows ${pod.name} at ${seen}, the topology says ${pod.address}: which holds?`];
  });
}

/** What was expected of other addresses accuses nobody. */
export function withoutAccusation(
  report: ConnectionReport,
  objections: readonly string[],
): ConnectionReport {
  if (objections.length === 0) return report;
  const checks = report.checks.map((check): Check =>
    check.verdict === "fail"
      ? { ...check, verdict: "inconclusive", finding: undefined, missing: objections }
      : check,
  );
  return { ...report, checks, verdict: worst(checks.map(({ verdict }) => verdict)) };
}
