/** What a verdict says beside its failures, as sentences under labels: every format for people tells these. */
import { AUTO } from "#verify/auto.js";
import type { ConnectionReport, Report } from "#verify/report.js";
import { listIds } from "./list-ids.js";
import { countsByVerdict } from "./connection-table.js";
import { doubtfulJoins, proxiedText } from "./joins-text.js";
import { describeClocks, longWaits } from "./latency-text.js";
import type { Asked } from "./report-format.js";

export interface VerdictSection {
  readonly label: "waited" | "needed" | "assumed" | "proxied" | "joined" | "clock" | "note";
  /** Sentences; none where there is nothing to say. */
  readonly texts: readonly string[];
}

/** In the order in which they are read. */
export function verdictSections(
  report: Report,
  options: { readonly verbose: boolean },
): readonly VerdictSection[] {
  return [
    { label: "waited", texts: longWaits(judgedOf(report)) },
    { label: "needed", texts: whatWouldDecide(report) },
    { label: "assumed", texts: report.assumptions },
    { label: "proxied", texts: proxiedText(report) },
    { label: "joined", texts: doubtfulJoins(report) },
    { label: "clock", texts: describeClocks(report.clocks, options) },
    { label: "note", texts: [...notApplicable(report), ...report.notes] },
  ];
}

/** Connections that the verdict is about. */
export function judgedOf({ connections }: Report): readonly ConnectionReport[] {
  return connections.filter(({ verdict }) => verdict !== "not applicable");
}

/** The question and its answer in counts; undefined where nothing was judged. */
export function verdictSentence(report: Report, { question }: Asked): string | undefined {
  const judged = judgedOf(report);
  if (judged.length === 0) return undefined;
  const connections = judged.length === 1 ? "connection" : "connections";
  return `${question} ${judged.length} ${connections}: ${countsByVerdict(judged)}${together(report)}`;
}

/** What only many connections show, where it is not as it should be. */
function together({ across }: Report): string {
  const checks = across.filter(({ check: { verdict } }) => verdict === "fail");
  const names = [...new Set(checks.map(({ check }) => check.check))];
  return names.length === 0 ? "" : `; together they fail: ${names.join(", ")}`;
}

/** Of a connection with a failure nothing is needed: it is decided. */
function whatWouldDecide({ connections, across }: Report): readonly string[] {
  const undecided = connections.filter(({ verdict }) => verdict === "inconclusive");
  const checks = [
    ...undecided.flatMap((report) => report.checks),
    ...across.map(({ check }) => check),
  ];
  const missing = checks.flatMap((check) =>
    check.verdict === "inconclusive" ? check.missing : [],
  );
  return [...new Set(missing)];
}

/** Connections that are of no row of the scenario, one line per reason. */
function notApplicable({ connections, scenario }: Report): readonly string[] {
  const reasons = new Map<string, { ids: string[]; fits: readonly string[] }>();
  for (const { id, verdict, checks } of connections) {
    const [check] = checks;
    if (verdict !== "not applicable" || !check) continue;
    const reason = check.observed;
    const group = reasons.get(reason);
    if (group) group.ids.push(id);
    else reasons.set(reason, { ids: [id], fits: check.missing });
  }
  return [...reasons].map(([reason, { ids, fits }]) => {
    const hint = fits.length > 0 ? `; for these: ${fits.join(" ")}` : "";
    const because = scenario === AUTO.name ? "not judged" : "not of this scenario";
    return `${listIds(ids)} ${because}: ${reason}${hint}`;
  });
}
