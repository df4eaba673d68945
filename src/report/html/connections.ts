/** The connections of a report: the first of each kind as a table, all of them as data for the page's script. */
import type { ConnectionReport, Report, Verdict } from "#verify/report.js";
import { shownConnections } from "../connection-table.js";
import type { FailureGroup } from "../failure-groups.js";
import { sanitize } from "../sanitize.js";
import { judgedOf } from "../verdict-sections.js";
import { compactTexts } from "./compact-texts.js";
import { detailText, rowText, type ListedConnection } from "./connection-texts.js";
import { markup, type Markup } from "./markup.js";
import { scriptJson } from "./script-json.js";
import { tableMarkup } from "./table-markup.js";

/** A page of more than that is nothing that a browser opens gladly. */
const MAX_LISTED = 20_000;

export function connectionsSection(report: Report, groups: readonly FailureGroup[]): Markup {
  const listed = listedConnections(report, groups);
  const { table, rest } = shownConnections(judgedOf(report), {
    asked: report.scenario,
    verbose: false,
  });
  const left = report.connections.length - listed.length;
  return markup`<section id="connections" aria-labelledby="connections-title">
<h2 id="connections-title">Connections</h2>
${left === 0 ? undefined : markup`<p>${left} more connections are not in this file: -o json has all.</p>`}
${filter(groups)}
<p id="found" role="status"></p>
<div id="list"><p class="needs-script">Searching, filtering and the details of each connection need script, which does not run here.</p>
${tableMarkup(table, "the connections, each or by their kinds")}
${rest === undefined ? undefined : markup`<p>${rest}</p>`}</div>
${data("data", { failures: groups.map(nameOf), rows: compactTexts(listed.map(rowText)) })}
${data("details", compactTexts(listed.map(detailText)))}</section>`;
}

/** For the script, which shows it. */
function filter(groups: readonly FailureGroup[]): Markup {
  const failures = groups.map((group, at) => [`${at}`, nameOf(group)] as const);
  return markup`<form id="filter" role="search" hidden>
<label class="search">id, address, port, scenario, protocol<input type="search" name="words" autocomplete="off" spellcheck="false"></label>
<label>verdict<select name="verdict">${VERDICT_OPTIONS.map(option)}</select></label>
<label>failure<select name="failure">${[["", "any"] as const, ...failures].map(option)}</select>
</label></form>`;
}

function option([value, text]: readonly [string, string]): Markup {
  return markup`<option value="${value}">${text}</option>`;
}

const VERDICT_OPTIONS = [
  ["", "any"],
  ["fail", "fail"],
  ["inconclusive", "inconclusive"],
  ["pass", "pass"],
  ["not applicable", "not applicable"],
] as const;

function nameOf({ code, title }: FailureGroup): string {
  return sanitize(code === undefined ? title : `${code} ${title}`);
}

function data(id: string, value: unknown): Markup {
  return markup`<script type="application/json" id="${id}">${scriptJson(value)}</script>`;
}

const ORDER = {
  fail: 0,
  inconclusive: 1,
  pass: 2,
  "not applicable": 3,
} as const satisfies Record<Verdict, number>;

/** Those that matter most first, each kind in the report's order. */
function listedConnections(
  { connections }: Report,
  groups: readonly FailureGroup[],
): readonly ListedConnection[] {
  const failures = new Map<string, number[]>();
  for (const [at, { ids }] of groups.entries()) {
    for (const id of ids) failures.set(id, [...(failures.get(id) ?? []), at]);
  }
  const all = connections.map((report) => ({ report, failures: failures.get(report.id) ?? [] }));
  return all.toSorted((a, b) => orderOf(a.report) - orderOf(b.report)).slice(0, MAX_LISTED);
}

function orderOf({ verdict }: ConnectionReport): number {
  return ORDER[verdict];
}
