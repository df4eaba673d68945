/** What is true of a run as a whole, in sentences. */
import type { Scenario } from "#expected/scenarios/scenario.js";
import type { Journey } from "#observed/correlate/journey.js";
import type { Point } from "./point.js";
import type { ConnectionReport } from "./report.js";

interface Summary {
  readonly scenario: Scenario;
  readonly reports: readonly ConnectionReport[];
  readonly journeys: readonly Journey[];
  readonly points: readonly Point[];
}

export function summaryNotes({ scenario, reports, journeys, points }: Summary): readonly string[] {
  const notes: string[] = [];
  const judged = reports.filter(({ verdict }) => verdict !== "not applicable");
  if (judged.length === 0) {
    const captures = points.length === 1 ? "the capture" : `${points.length} capture points`;
    notes.push(`no connection of ${scenario.name} in ${captures}: nothing was checked`);
  }
  const others = journeys.length - new Set(reports.map(({ id }) => id)).size;
  if (others > 0) {
    notes.push(
      `${count(others, "connection")} that ${others === 1 ? "has" : "have"} nothing to do with it`,
    );
  }
  for (const { name, records } of points) {
    if (records === 0)
      notes.push(`${name} recorded no packets, which proves nothing: it may not have run`);
  }
  return notes;
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}
