/** The verdict for a person: the answer first, then why, then what it rests on. */
import { formatEndpoint } from "#net/five-tuple.js";
import type { PacketReference } from "#observed/flow/connection.js";
import type { Check, ConnectionReport, Report, Verdict } from "#verify/report.js";
import { causeLines, type CauseLine } from "./cause-lines.js";
import { doubtfulJoins, proxiedText } from "./joins-text.js";
import { counterTable } from "./counter-table.js";
import { describeClocks, latencyTable, longWaits } from "./latency-text.js";
import { wrapProse } from "./prose.js";
import { sanitize } from "./sanitize.js";
import { formatTable, type Layout, type Row, type Table } from "./table.js";
import type { Tone } from "./style.js";

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
    yield* formatTable(connectionTable(judged, report.scenario), layout);
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

const TONES: Record<Verdict, Tone> = {
  pass: "good",
  fail: "bad",
  inconclusive: "doubtful",
  "not applicable": "strong",
};

function tone({ style }: Layout, verdict: Verdict): string {
  return style[TONES[verdict]](verdict.toUpperCase());
}

function sentence({ question }: Asked, judged: readonly ConnectionReport[]): string {
  const counts = (["pass", "fail", "inconclusive"] as const)
    .map(
      (verdict) => [verdict, judged.filter((report) => report.verdict === verdict).length] as const,
    )
    .filter(([, number]) => number > 0)
    .map(([verdict, number]) => `${number} ${verdict}`);
  return `${question} ${judged.length} connection${judged.length === 1 ? "" : "s"}: ${counts.join(", ")}`;
}

/** What only many connections show, where it is not as it should be. */
function together({ across }: Report): string {
  const checks = across.filter(({ check: { verdict } }) => verdict === "fail");
  const names = [...new Set(checks.map(({ check }) => check.check))];
  return names.length === 0 ? "" : `; together they fail: ${names.join(", ")}`;
}

/**
 * One row per connection: who, as what the pod sees it, and the verdict; the scenario only where
 * it is not the one that was asked for.
 */
function connectionTable(judged: readonly ConnectionReport[], asked: string): Table {
  const isMixed = judged.some(({ scenario }) => scenario !== asked);
  return {
    columns: [
      { heading: "ID", align: "left", minimumWidth: undefined },
      { heading: "VERDICT", align: "left", minimumWidth: undefined },
      { heading: "PROTO", align: "left", minimumWidth: undefined },
      ...(isMixed ? [{ heading: "SCENARIO", align: "left", minimumWidth: 12 } as const] : []),
      { heading: "CLIENT", align: "left", minimumWidth: 8 },
      { heading: "FIRST SEEN AS", align: "left", minimumWidth: 22 },
      { heading: "LAST SEEN AS", align: "left", minimumWidth: 22 },
    ],
    rows: judged.map((report): Row => {
      const requests = report.sightings.filter(({ direction }) => direction === "request");
      const seen = requests.length > 0 ? requests : report.sightings;
      const { id, verdict, protocol, client } = report;
      return [
        id,
        { text: verdict, tone: TONES[verdict] },
        protocol,
        ...(isMixed ? [report.scenario] : []),
        client ?? "undecided",
        describeSighting(seen[0]),
        seen.length > 1 ? describeSighting(seen.at(-1)) : "",
      ];
    }),
  };
}

function describeSighting(sighting: ConnectionReport["sightings"][number] | undefined): string {
  if (!sighting) return "";
  const { source, destination, point } = sighting;
  return `${formatEndpoint(source)} > ${formatEndpoint(destination)} (${point})`;
}

/** A check, and the connections it is one of. */
interface Told {
  readonly check: Check;
  readonly ids: readonly string[];
}

/** Every check of every connection that is judged, and those of many connections together. */
function* told({ connections, across }: Report): Iterable<Told> {
  for (const { id, verdict, checks } of connections) {
    if (verdict === "not applicable") continue;
    for (const check of checks) yield { check, ids: [id] };
  }
  for (const { connections: ids, check } of across) yield { check, ids };
}

/** One row per check and verdict, with the connections it is true of; `verbose` tells each apart. */
function checkTable(report: Report, { verbose, layout }: VerdictTextOptions): Table {
  const groups = new Map<string, { check: Check; ids: string[] }>();
  for (const { check, ids } of told(report)) {
    if (check.verdict === "not applicable" && !verbose) continue;
    const key = `${verbose ? ids.join(" ") : check.verdict} ${check.check}`;
    const group = groups.get(key);
    if (group) group.ids.push(...ids);
    else groups.set(key, { check, ids: [...ids] });
  }
  const citeHere = layout.width === undefined ? cite : citeBriefly(report);
  return {
    columns: [
      { heading: "CHECK", align: "left", minimumWidth: 16 },
      { heading: "VERDICT", align: "left", minimumWidth: undefined },
      { heading: "IN", align: "left", minimumWidth: 6 },
      { heading: "OBSERVED", align: "left", minimumWidth: 20 },
      { heading: "EVIDENCE", align: "left", minimumWidth: 12 },
    ],
    rows: [...groups.values()].map(
      ({ check: { check, verdict, observed, evidence }, ids }): Row => [
        check,
        { text: verdict, tone: TONES[verdict] },
        listIds(ids),
        ids.length > 1 ? `e.g. ${observed}` : observed,
        [...new Set(evidence.map(citeHere))].slice(0, 2).join(" "),
      ],
    ),
  };
}

const MAX_IDS = 4;

function listIds(ids: readonly string[]): string {
  const named = ids.slice(0, MAX_IDS).join(" ");
  return ids.length > MAX_IDS ? `${named} and ${ids.length - MAX_IDS} more` : named;
}

export function cite({ file, packet }: PacketReference): string {
  return `${file}#${packet}`;
}

/** Paths break badly in a narrow column: without their folders, unless two files share a name. */
function citeBriefly(report: Report): typeof cite {
  const cited = [...told(report)].flatMap(({ check: { evidence } }) => evidence);
  const files = new Set(cited.map(({ file }) => file));
  const names = new Set([...files].map(withoutFolders));
  if (names.size < files.size) return cite;
  return ({ file, packet }) => cite({ file: withoutFolders(file), packet });
}

function withoutFolders(file: string): string {
  return file.slice(file.lastIndexOf("/") + 1);
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
  for (const text of texts) yield* pair(label, text, layout);
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
