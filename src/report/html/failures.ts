/** Each failure with what it comes from, what to do, and the journey of a connection that has it. */
import { counted } from "#net/counted.js";
import type { Report } from "#verify/report.js";
import { cite } from "../check-table.js";
import type { FailedCheck, FailureGroup } from "../failure-groups.js";
import { filterLines } from "../filter-lines.js";
import { listIds } from "../list-ids.js";
import { failureExamples, type FailureExample } from "./failure-examples.js";
import { markup, type Fill, type Markup } from "./markup.js";
import { pathFigure } from "./path-figure.js";

export function failuresSection(report: Report, groups: readonly FailureGroup[]): Markup {
  if (groups.length === 0) return markup``;
  const examples = failureExamples(report, groups);
  return markup`<section aria-labelledby="failures-title"><h2 id="failures-title">What failed</h2>
${groups.map((group, at) => failure(group, { at, example: examples[at], filters: filterLines(report, group) }))}</section>`;
}

interface Placed {
  readonly at: number;
  readonly example: FailureExample | undefined;
  /** Wireshark's, for the captures that show it. */
  readonly filters: readonly string[];
}

function failure(group: FailureGroup, { at, example, filters }: Placed): Markup {
  const { code, title, ids, checks, causes, explanation, remedy } = group;
  const told = causes.map(({ label, text }) => [label, text] as const);
  const named = code === undefined ? undefined : markup`<span class="code">${code}</span> `;
  return markup`<article class="failure" id="failure-${at}"><h3>
<span class="verdict bad">✕ fail</span> ${named}${title}</h3>
<p class="whom"><b>${counted(ids.length, "connection")}</b>: ${listIds(ids)} <a href="#connections" data-failure="${at}">list ${ids.length === 1 ? "it" : "them"}</a></p>
${definitions(told.filter(([label]) => label !== "compare"))}
<div class="checks">${checks.map(failedCheck)}${definitions(filters.map((text) => ["filter", text]))}</div>
${example && journey(example)}
${definitions([
  ...told.filter(([label]) => label === "compare"),
  ["why", explanation],
  ["try", remedy],
])}</article>\n`;
}

/** Expected and observed in one notation, one above the other. */
function failedCheck({ check: { check, expected, observed, evidence } }: FailedCheck): Markup {
  return markup`<dl class="check"><dt>check</dt><dd>${check}</dd><dt>expected</dt><dd>
<code>${expected}</code></dd><dt>observed</dt><dd><code class="bad">${observed}</code></dd>${
    evidence.length === 0
      ? undefined
      : markup`<dt>evidence</dt><dd><code>${[...new Set(evidence.map(cite))].join(" ")}</code></dd>`
  }</dl>`;
}

/** Several texts under one label stand under it together. */
function definitions(pairs: readonly (readonly [string, string | undefined])[]): Fill {
  const told = pairs.filter(([, text]) => text !== undefined && text !== "");
  if (told.length === 0) return undefined;
  return markup`<dl class="told">${told.map(([label, text], at) => {
    const term =
      told[at - 1]?.[0] === label ? undefined : markup`<dt class="${label}">${label}</dt>`;
    return markup`${term}<dd>${text}</dd>`;
  })}</dl>`;
}

function journey({ connection, isShown }: FailureExample): Fill {
  const { id } = connection;
  return isShown
    ? markup`<p><a href="#journey-${id}">The journey of ${id}, one of these, is drawn above.</a></p>`
    : markup`<div id="journey-${id}">${pathFigure(connection)}</div>`;
}
