/** The verdict for a person: the answer first, then why, then what it rests on. */
import type { ConnectionReport, Report, Verdict } from "#verify/report.js";
import { checkTable, cite, listIds } from "./check-table.js";
import { connectionTable, countsByVerdict, shownConnections } from "./connection-table.js";
import { failureGroups, type FailureGroup } from "./failure-groups.js";
import { doubtfulJoins, proxiedText } from "./joins-text.js";
import { counterTable } from "./counter-table.js";
import { describeClocks, latencyTable, longWaits } from "./latency-text.js";
import type { Asked, RenderContext } from "./report-format.js";
import { wrapProse } from "./prose.js";
import { sanitize } from "./sanitize.js";
import { formatTable, type Layout } from "./table.js";
import { VERDICT_TONE } from "./verdict-tone.js";

export function* verdictText(report: Report, options: RenderContext): Iterable<string> {
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
  for (const group of failureGroups(report)) yield* failure(group, layout);
  yield* counted(report, layout);
  yield* section("waited", longWaits(judged), layout);
  yield* section("needed", whatWouldDecide(report), layout);
  yield* section("assumed", report.assumptions, layout);
  yield* section("proxied", proxiedText(report), layout);
  yield* section("joined", doubtfulJoins(report), layout);
  yield* section("clock", describeClocks(report.clocks, options), layout);
  yield* section("note", [...notApplicable(report), ...report.notes], layout);
  if (!options.complete) yield INCOMPLETE;
}

const INCOMPLETE =
  "\nnot everything could be read, so the verdict is about the rest only: exit code 2\n";

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

/** What several connections or checks share is told once: a check's values, a diagnosis' advice. */
function* failure(group: FailureGroup, layout: Layout): Iterable<string> {
  const { code, title, ids, checks, causes, explanation, remedy } = group;
  const named = code === undefined ? "" : `${code} `;
  yield `\n${tone(layout, "fail")}  ${named}${sanitize(title)} (${listIds(ids)})\n`;
  for (const { check } of checks) {
    yield* pair("check", check.check, layout);
    yield* pair("expected", check.expected, layout);
    yield* pair("observed", check.observed, layout);
    yield* pair("evidence", [...new Set(check.evidence.map(cite))].join(" "), layout);
  }
  for (const { label, text } of causes) yield* pair(label, text, layout);
  yield* pair("why", explanation ?? "", layout);
  yield* pair("try", remedy ?? "", layout);
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
