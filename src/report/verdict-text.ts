/** The verdict for a person: the answer first, then why, then what it rests on. */
import type { Check, ConnectionReport, Report, Verdict } from "#verify/report.js";
import { checkTable, cite, listIds, told } from "./check-table.js";
import { connectionTable, countsByVerdict, shownConnections } from "./connection-table.js";
import { causeLines, type CauseLine } from "./cause-lines.js";
import { doubtfulJoins, proxiedText } from "./joins-text.js";
import { counterTable } from "./counter-table.js";
import { describeClocks, latencyTable, longWaits } from "./latency-text.js";
import { wrapProse } from "./prose.js";
import { sanitize } from "./sanitize.js";
import { formatTable, type Layout } from "./table.js";
import { VERDICT_TONE } from "./verdict-tone.js";

export interface VerdictTextOptions {
  /** What was asked: a scenario, or all of them. */
  readonly scenario: Asked;
  readonly layout: Layout;
  /** Every check of every connection, not only of the first few and of those that do not pass. */
  readonly verbose: boolean;
}

export interface Asked {
  readonly name: string;
  readonly title: string;
  readonly question: string;
}

export function* verdictText(report: Report, options: VerdictTextOptions): Iterable<string> {
  const { layout, scenario } = options;
  const judged = report.connections.filter(({ verdict }) => verdict !== "not applicable");
  yield `${tone(layout, report.verdict)}  ${scenario.name}: ${scenario.title}\n`;
  if (judged.length > 0) yield `${sentence(scenario, judged)}${together(report)}\n`;
  if (judged.length > 0) {
    yield "\n";
    const shown = options.verbose ? { rows: judged } : shownConnections(judged);
    yield* formatTable(connectionTable(shown.rows, report.scenario), layout);
    if (shown.rest !== undefined) yield `${shown.rest}\n`;
    yield "\n";
    yield* formatTable(checkTable(report, options), layout);
  }
  if (options.verbose && judged.some(({ latency }) => latency !== undefined)) {
    yield "\n";
    yield* formatTable(latencyTable(judged), layout);
  }
  yield* failures(report, layout);
  yield* counted(report, layout);
  yield* section("waited", longWaits(judged), layout);
  yield* section("needed", whatWouldDecide(report), layout);
  yield* section("assumed", report.assumptions, layout);
  yield* section("proxied", proxiedText(report), layout);
  yield* section("joined", doubtfulJoins(report), layout);
  yield* section("clock", describeClocks(report.clocks, options), layout);
  yield* section("note", [...notApplicable(report), ...report.notes], layout);
}

/** Only where two snapshots were given. */
function* counted({ counters }: Report, layout: Layout): Iterable<string> {
  if (counters === undefined) return;
  yield "\nwhat rules counted between the two snapshots\n";
  if (counters.length === 0)
    yield* pair("none", "no rule of any node that was saved twice", layout);
  else yield* formatTable(counterTable(counters), layout);
}

function tone({ style }: Layout, verdict: Verdict): string {
  return style[VERDICT_TONE[verdict]](verdict.toUpperCase());
}

function sentence({ question }: Asked, judged: readonly ConnectionReport[]): string {
  const connections = judged.length === 1 ? "connection" : "connections";
  return `${question} ${judged.length} ${connections}: ${countsByVerdict(judged)}`;
}

/** What only many connections show, where it is not as it should be. */
function together({ across }: Report): string {
  const checks = across.filter(({ check: { verdict } }) => verdict === "fail");
  const names = [...new Set(checks.map(({ check }) => check.check))];
  return names.length === 0 ? "" : `; together they fail: ${names.join(", ")}`;
}

interface FailedCheck {
  readonly check: Check;
  readonly ids: string[];
}

/** What several connections or checks share is told once: a check's values, a diagnosis' advice. */
function* failures(report: Report, layout: Layout): Iterable<string> {
  const causes = new Map<string, Map<string, FailedCheck>>();
  for (const { check, ids } of told(report)) {
    if (check.verdict !== "fail") continue;
    const cause = check.finding?.code ?? `${check.check} ${check.observed}`;
    const failed = causes.get(cause) ?? new Map<string, FailedCheck>();
    const known = failed.get(check.check);
    if (known) known.ids.push(...ids);
    else failed.set(check.check, { check, ids: [...ids] });
    causes.set(cause, failed);
  }
  const explained = new Set<string>();
  for (const failed of causes.values()) {
    const list = [...failed.values()];
    const ids = [...new Set(list.flatMap((each) => each.ids))];
    yield* failure(list, {
      ids,
      layout,
      causes: [...causeLines(report, { ids, told: explained })],
    });
  }
}

interface FailureText {
  readonly ids: readonly string[];
  readonly layout: Layout;
  readonly causes: readonly CauseLine[];
}

function* failure(
  failed: readonly FailedCheck[],
  { ids, layout, causes }: FailureText,
): Iterable<string> {
  const [first] = failed;
  if (!first) return;
  const { finding } = first.check;
  const code = finding ? `${finding.code} ` : "";
  const title = finding ? finding.title : first.check.check;
  yield `\n${tone(layout, "fail")}  ${code}${sanitize(title)} (${listIds(ids)})\n`;
  for (const { check } of failed) {
    yield* pair("check", check.check, layout);
    yield* pair("expected", check.expected, layout);
    yield* pair("observed", check.observed, layout);
    yield* pair("evidence", [...new Set(check.evidence.map(cite))].join(" "), layout);
  }
  for (const { label, text } of causes) yield* pair(label, text, layout);
  if (finding) yield* pair("why", finding.explanation, layout);
  if (finding) yield* pair("try", finding.remedy, layout);
}

const LABEL_WIDTH = 10;
const INDENT = 4;

function* pair(label: string, text: string, layout: Layout): Iterable<string> {
  if (text === "") return;
  const [first = "", ...rest] = wrapProse(text, layout, INDENT + LABEL_WIDTH);
  const indent = " ".repeat(INDENT);
  yield `${indent}${label.padEnd(LABEL_WIDTH)}${first}\n`;
  for (const line of rest) yield `${indent}${" ".repeat(LABEL_WIDTH)}${line}\n`;
}

function* section(label: string, texts: readonly string[], layout: Layout): Iterable<string> {
  if (texts.length === 0) return;
  yield "\n";
  for (const text of texts.slice(0, MAX_LINES)) yield* pair(label, text, layout);
  const more = texts.length - MAX_LINES;
  if (more > 0) yield* pair(label, `and ${more} more: -o json has all`, layout);
}

/** Of one label. */
const MAX_LINES = 12;

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
function notApplicable({ connections }: Report): readonly string[] {
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
    return `${listIds(ids)} not of this scenario: ${reason}${hint}`;
  });
}
