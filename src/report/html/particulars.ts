/** What the verdict rests on, what would decide more, and every check, as the text report tells them. */
import type { Report } from "#verify/report.js";
import { checkTable } from "../check-table.js";
import { counterTable } from "../counter-table.js";
import { latencyTable } from "../latency-text.js";
import type { RenderContext } from "../report-format.js";
import { UNBOUNDED } from "../table.js";
import { judgedOf, verdictSections, type VerdictSection } from "../verdict-sections.js";
import { markup, type Fill, type Markup } from "./markup.js";
import { tableMarkup } from "./table-markup.js";

const HEADINGS: Readonly<Record<VerdictSection["label"], string>> = {
  waited: "Waited",
  needed: "Needed to decide more",
  assumed: "Assumed: nobody said so",
  proxied: "Carried on by a proxy",
  joined: "Joined with doubt",
  clock: "Clocks",
  note: "Notes",
};

/** Of one heading. */
const MAX_TEXTS = 200;

export function sections(report: Report, options: RenderContext): Fill {
  return verdictSections(report, options).map(({ label, texts }) => {
    if (texts.length === 0) return undefined;
    const more = texts.length - MAX_TEXTS;
    return markup`<section class="texts" aria-labelledby="${label}-title">
<h2 id="${label}-title">${HEADINGS[label]}</h2><ul>${texts
      .slice(0, MAX_TEXTS)
      .map((text) => markup`<li>${text}</li>\n`)}</ul>${
      more > 0 ? markup`<p>and ${more} more: -o json has all</p>` : undefined
    }</section>`;
  });
}

export function checksSection(report: Report): Fill {
  if (judgedOf(report).length === 0) return undefined;
  const table = checkTable(report, { verbose: false, layout: UNBOUNDED });
  return section({ id: "checks", heading: "Checks" }, tableMarkup(table, CHECKS_CAPTION));
}

const CHECKS_CAPTION = "each check, with how many connections it is true of";

export function countersSection({ counters }: Report): Fill {
  if (counters === undefined) return undefined;
  const body =
    counters.length === 0
      ? markup`<p>No rule of any node that was saved twice.</p>`
      : tableMarkup(
          counterTable(counters),
          "packets that each rule counted, beside what was captured",
        );
  return section({ id: "counters", heading: "What rules counted between the two snapshots" }, body);
}

/** Of each connection between each two points: only where it was asked for, as in the text report. */
export function latencySection(report: Report, { verbose }: RenderContext): Fill {
  const judged = judgedOf(report).filter(({ latency }) => latency !== undefined);
  if (!verbose || judged.length === 0) return undefined;
  const table = tableMarkup(latencyTable(judged), "time that packets took from point to point");
  return section({ id: "latency", heading: "Latency" }, table);
}

function section(
  { id, heading }: { readonly id: string; readonly heading: string },
  body: Markup,
): Markup {
  return markup`<section aria-labelledby="${id}-title">
<h2 id="${id}-title">${heading}</h2>${body}</section>\n`;
}
