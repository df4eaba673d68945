import { reportedSighting } from "#verify/connection-report.js";
import type { ReportedSighting } from "#verify/report.js";
import type { SeenFlow } from "./seen-flow.js";

/** What a report tells of a flow that no path explains. */
export function reportedFlow({ point, side, tuple, ...flow }: SeenFlow): ReportedSighting {
  return reportedSighting({
    ...tuple,
    ...flow,
    point: point.name,
    direction: side === 0 ? "request" : "reply",
  });
}
