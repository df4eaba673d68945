/** `--strict`: what rests on an assumption is not decided. */
import { worst, type Check, type ConnectionReport } from "./report.js";

export function strictly(report: ConnectionReport): ConnectionReport {
  const checks = report.checks.map(strict);
  return { ...report, checks, verdict: worst(checks.map(({ verdict }) => verdict)) };
}

function strict(check: Check): Check {
  const isDecided = check.verdict === "pass" || check.verdict === "fail";
  if (!isDecided || check.assumptions.length === 0) return check;
  const missing = check.assumptions.map((assumption) => `a fact instead of "${assumption}"`);
  return { ...check, verdict: "inconclusive", finding: undefined, missing };
}
