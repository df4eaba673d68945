/** What is to be seen first: the verdict in a word, what was asked, how many, and what failed. */
import { counted } from "#net/counted.js";
import type { Report, Verdict } from "#verify/report.js";
import type { FailureGroup } from "../failure-groups.js";
import type { RenderContext } from "../report-format.js";
import { judgedOf, verdictSentence } from "../verdict-sections.js";
import { VERDICT_TONE } from "../verdict-tone.js";
import { markup, type Fill, type Markup } from "./markup.js";

export function summary(
  report: Report,
  { scenario, complete, groups }: RenderContext & { readonly groups: readonly FailureGroup[] },
): Markup {
  const { verdict } = report;
  const sentence = verdictSentence(report, scenario);
  return markup`<header class="summary ${VERDICT_TONE[verdict]}"><h1>
<span class="word">${MARKS[verdict]} ${verdict.toUpperCase()}</span> ${scenario.name}: ${scenario.title}</h1>
${sentence === undefined ? undefined : markup`<p>${sentence}</p>`}
${complete ? undefined : markup`<p class="incomplete">Not everything could be read, so the verdict is about the rest only.</p>`}
${counts(report)}${overview(groups)}</header>`;
}

export const MARKS: Readonly<Record<Verdict, string>> = {
  pass: "✓",
  fail: "✕",
  inconclusive: "?",
  "not applicable": "–",
};

/** A bar whose parts are as long as their counts, and the counts in words. */
function counts(report: Report): Fill {
  const judged = judgedOf(report);
  if (judged.length === 0) return undefined;
  let x = 0;
  const parts = (["fail", "inconclusive", "pass"] as const).flatMap((verdict) => {
    const count = judged.filter((connection) => connection.verdict === verdict).length;
    const part = { verdict, count, x, width: (count / judged.length) * BAR };
    x += part.width;
    return count === 0 ? [] : part;
  });
  return markup`<svg class="bar" aria-hidden="true" viewBox="0 0 ${BAR} 10" preserveAspectRatio="none">${parts.map(
    (part) =>
      markup`<rect class="${VERDICT_TONE[part.verdict]}" x="${part.x.toFixed(2)}" width="${part.width.toFixed(2)}" height="10"/>`,
  )}</svg><ul class="counts">${parts.map(
    ({ verdict, count }) =>
      markup`<li><span class="verdict ${VERDICT_TONE[verdict]}">${MARKS[verdict]} ${count} ${verdict}</span></li>`,
  )}</ul>`;
}

const BAR = 1000;

function overview(groups: readonly FailureGroup[]): Fill {
  if (groups.length === 0) return undefined;
  return markup`<ol class="overview">${groups.map(({ code, title, ids, causes }, at) => {
    const cause = causes.find(({ label }) => label === "cause");
    const alike = groups.slice(0, at).find((earlier) => isPartOf(ids, earlier));
    return markup`<li><a href="#failure-${at}">${code} ${title}</a> <span class="number">${counted(ids.length, "connection")}</span>${
      cause && markup`<p>${cause.text}</p>`
    }${
      cause === undefined && alike !== undefined
        ? markup`<p>of the connections of ${alike.code} ${alike.title}</p>`
        : undefined
    }</li>`;
  })}</ol>`;
}

/** What several failures are told of is one incident as a rule. */
function isPartOf(ids: readonly string[], earlier: FailureGroup): boolean {
  const known = new Set(earlier.ids);
  return ids.every((id) => known.has(id));
}
