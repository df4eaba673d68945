/** What the model knows of connections that a hostPort's rows have judged: where it happened, and by which rule. */
import { replay } from "./replay/replay.js";
import type { ConnectionReport } from "./report.js";
import { networksOf, type VerifyRun } from "./verify-run.js";

/** What the model says of connections that a hostPort's rows have found wrong. */
export function withModelsCauses(
  run: VerifyRun,
  reports: readonly ConnectionReport[],
): readonly ConnectionReport[] {
  const networks = networksOf(run);
  if (networks.length === 0 || !reports.some(isFailed)) return reports;
  const replayed = replay({ ...run, networks, scenario: undefined });
  const byId = new Map(replayed.map(({ report }) => [report.id, report]));
  return reports.map((report) => withCausesOf(byId.get(report.id), report));
}

/** The model knows more of what lies between two points than a row. */
export function withCausesOf(
  replayed: ConnectionReport | undefined,
  report: ConnectionReport,
): ConnectionReport {
  const attributions = replayed?.attributions ?? [];
  if (!isFailed(report) || attributions.length === 0) return withAnswersOf(replayed, report);
  return withAnswersOf(replayed, { ...report, attributions });
}

function withAnswersOf(
  replayed: ConnectionReport | undefined,
  report: ConnectionReport,
): ConnectionReport {
  return replayed?.answers ? { ...report, answers: replayed.answers } : report;
}

const isFailed = ({ verdict }: ConnectionReport): boolean => verdict === "fail";
