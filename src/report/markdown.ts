/** The verdict for a post-mortem or an issue tracker: the answer, the connections, each failure with its reasons. */
import type { Report } from "#verify/report.js";
import { checkTable, cite } from "./check-table.js";
import { shownConnections } from "./connection-table.js";
import { counterTable } from "./counter-table.js";
import { failureGroups, type FailedCheck, type FailureGroup } from "./failure-groups.js";
import { filterLines } from "./filter-lines.js";
import { listIds } from "./list-ids.js";
import { markdownCell, markdownText } from "./markdown-text.js";
import type { RenderContext } from "./report-format.js";
import { UNBOUNDED, type Cell, type Table } from "./table.js";
import {
  judgedOf,
  verdictSections,
  verdictSentence,
  type VerdictSection,
} from "./verdict-sections.js";

export function* reportMarkdown(report: Report, context: RenderContext): Iterable<string> {
  const { scenario, verbose, complete } = context;
  yield `# pcapcheck: ${report.verdict.toUpperCase()}\n`;
  yield paragraph(`**${markdownText(scenario.name)}**: ${markdownText(scenario.title)}`);
  if (!complete) yield paragraph(`> ${INCOMPLETE}`);
  const answer = verdictSentence(report, scenario);
  if (answer !== undefined) yield paragraph(markdownText(answer));
  const judged = judgedOf(report);
  if (judged.length > 0) {
    const { table, rest } = shownConnections(judged, { asked: report.scenario, verbose });
    yield* markdownTable(table);
    if (rest !== undefined) yield paragraph(markdownText(rest));
  }
  for (const group of failureGroups(report)) yield* failure(group, filterLines(report, group));
  if (judged.length > 0)
    yield* folded("every check", checkTable(report, { verbose, layout: UNBOUNDED }));
  const { counters = [] } = report;
  if (counters.length > 0) yield* folded("what rules counted", counterTable(counters));
  for (const section of verdictSections(report, context)) yield* listed(section);
}

const INCOMPLETE = "Not everything could be read, so the verdict is about the rest only.";

function paragraph(markdown: string): string {
  return `\n${markdown}\n`;
}

function* failure(group: FailureGroup, filters: readonly string[]): Iterable<string> {
  const { code, title, ids, checks, causes, explanation, remedy } = group;
  const named = code === undefined ? "" : `${code}: `;
  yield paragraph(`## ${markdownText(`${named}${title}`)}`);
  const connections = ids.length === 1 ? "connection" : "connections";
  yield paragraph(`${ids.length} ${connections}: ${markdownText(listIds(ids))}`);
  for (const check of checks) yield* failedCheck(check);
  if (filters.length > 0) yield "\n**In Wireshark**\n\n";
  for (const filter of filters) yield `- ${markdownText(filter)}\n`;
  const lines = [...causes];
  if (lines.length > 0) yield "\n**Where it comes from**\n\n";
  for (const { label, text } of lines) yield item(label, text);
  if (explanation !== undefined) yield paragraph(`**Why** ${markdownText(explanation)}`);
  if (remedy !== undefined) yield paragraph(`**Try** ${markdownText(remedy)}`);
}

function* failedCheck({ check }: FailedCheck): Iterable<string> {
  const { check: name, expected, observed, evidence } = check;
  yield `\n**${markdownText(name)}**\n\n`;
  yield item("expected", expected);
  yield item("observed", observed);
  yield item("evidence", [...new Set(evidence.map(cite))].join(" "));
}

function item(label: string, text: string): string {
  return text === "" ? "" : `- ${label}: ${markdownText(text)}\n`;
}

const HEADINGS: Readonly<Record<VerdictSection["label"], string>> = {
  waited: "Waited",
  needed: "Needed to decide",
  assumed: "Assumed",
  proxied: "Proxied",
  joined: "Joined",
  clock: "Clocks",
  note: "Notes",
};

/** Of one section: GitHub takes 65,536 characters in all. */
const MAX_ITEMS = 20;

function* listed({ label, texts }: VerdictSection): Iterable<string> {
  if (texts.length === 0) return;
  yield `\n## ${HEADINGS[label]}\n\n`;
  for (const text of texts.slice(0, MAX_ITEMS)) yield `- ${markdownText(text)}\n`;
  const more = texts.length - MAX_ITEMS;
  if (more > 0) yield `- and ${more} more: \`-o json\` has all\n`;
}

/** Folded where `details` is known, shown where it is not. */
function* folded(title: string, table: Table): Iterable<string> {
  yield `\n<details><summary>${title}</summary>\n`;
  yield* markdownTable(table);
  yield "\n</details>\n";
}

function* markdownTable({ columns, rows }: Table): Iterable<string> {
  yield `\n${row(columns.map(({ heading }) => heading.toLowerCase()))}`;
  yield row(columns.map(({ align }) => (align === "right" ? "--:" : ":--")));
  for (const cells of rows) yield row(cells.map((cell) => markdownCell(textOf(cell))));
}

function row(cells: readonly string[]): string {
  return `| ${cells.join(" | ")} |\n`;
}

function textOf(cell: Cell): string {
  return typeof cell === "string" ? cell : cell.text;
}
