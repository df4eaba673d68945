/** The verdict for a person: the answer first, then why, then what it rests on. */
import type { Report, Verdict } from "#verify/report.js";
import { checkTable, cite } from "./check-table.js";
import { shownConnections } from "./connection-table.js";
import { failureGroups, type FailureGroup } from "./failure-groups.js";
import { filterLines } from "./filter-lines.js";
import { counterTable } from "./counter-table.js";
import { journeyTexts } from "./journey-text.js";
import { latencyTable } from "./latency-text.js";
import type { RenderContext } from "./report-format.js";
import { listIds } from "./list-ids.js";
import { wrapProse } from "./prose.js";
import { sanitize } from "./sanitize.js";
import { formatTable, type Layout } from "./table.js";
import { judgedOf, verdictSections, verdictSentence } from "./verdict-sections.js";
import { VERDICT_TONE } from "./verdict-tone.js";

export function* verdictText(report: Report, options: RenderContext): Iterable<string> {
  const { layout, scenario } = options;
  const judged = judgedOf(report);
  const sentence = verdictSentence(report, scenario);
  yield `${tone(layout, report.verdict)}  ${sanitize(`${scenario.name}: ${scenario.title}`)}\n`;
  if (sentence !== undefined) yield `${sanitize(sentence)}\n`;
  if (judged.length > 0) {
    yield "\n";
    const { verbose } = options;
    const { table, rest } = shownConnections(judged, { asked: report.scenario, verbose });
    yield* formatTable(table, layout);
    if (rest !== undefined) yield `${rest}\n`;
    yield "\n";
    yield* formatTable(checkTable(report, options), layout);
  }
  if (options.verbose && judged.some(({ latency }) => latency !== undefined)) {
    yield "\n";
    yield* formatTable(latencyTable(judged), layout);
  }
  yield* journeyTexts(report, options);
  for (const group of failureGroups(report)) {
    yield* failure(group, { layout, filters: filterLines(report, group) });
  }
  yield* counted(report, layout);
  for (const { label, texts } of verdictSections(report, options)) {
    yield* section(label, texts, layout);
  }
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

/** What several connections or checks share is told once: a check's values, a diagnosis' advice. */
function* failure(
  group: FailureGroup,
  { layout, filters }: { readonly layout: Layout; readonly filters: readonly string[] },
): Iterable<string> {
  const { code, title, ids, checks, causes, explanation, remedy } = group;
  const named = code === undefined ? "" : `${code} `;
  yield `\n${tone(layout, "fail")}  ${named}${sanitize(title)} (${listIds(ids)})\n`;
  for (const { check } of checks) {
    yield* pair("check", check.check, layout);
    yield* pair("expected", check.expected, layout);
    yield* pair("observed", check.observed, layout);
    yield* pair("evidence", [...new Set(check.evidence.map(cite))].join(" "), layout);
  }
  // Not wrapped: it is to be pasted.
  for (const filter of filters) yield labelled("filter", sanitize(filter));
  for (const { label, text } of causes) yield* pair(label, text, layout);
  yield* pair("why", explanation ?? "", layout);
  yield* pair("try", remedy ?? "", layout);
}

const LABEL_WIDTH = 10;
const INDENT = 4;

function* pair(label: string, text: string, layout: Layout): Iterable<string> {
  if (text === "") return;
  const [first = "", ...rest] = wrapProse(text, layout, INDENT + LABEL_WIDTH);
  yield labelled(label, first);
  for (const line of rest) yield labelled("", line);
}

function labelled(label: string, line: string): string {
  return `${" ".repeat(INDENT)}${label.padEnd(LABEL_WIDTH)}${line}\n`;
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
