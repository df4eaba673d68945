import type { Journey } from "#observed/correlate/journey.js";
import type { ConnectionReport } from "./report.js";

/** How well each connection's sightings fit together, and what else it may be. */
export function withJoinEvidence(
  reports: readonly ConnectionReport[],
  journeys: readonly Journey[],
): readonly ConnectionReport[] {
  const byId = new Map(journeys.map((journey) => [journey.id, journey]));
  return reports.map((report) => {
    const { join, ambiguousWith } = byId.get(report.id) ?? {};
    return { ...report, ...(join && { join }), ...(ambiguousWith && { ambiguousWith }) };
  });
}
