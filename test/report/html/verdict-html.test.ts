import { createHash } from "node:crypto";
import { beforeAll, describe, expect, test } from "vitest";
import { failureGroups } from "#report/failure-groups.js";
import { filterLines } from "#report/filter-lines.js";
import { escapeMarkup } from "#report/html/markup.js";
import { SCRIPT } from "#report/html/script.js";
import { STYLE } from "#report/html/style.js";
import { verdictSections } from "#report/verdict-sections.js";
import { AUTO } from "#verify/auto.js";
import type { Report } from "#verify/report.js";
import { PAGE_CASES, pageOf } from "./cases.js";

const NOTHING: Report = {
  scenario: AUTO.name,
  verdict: "inconclusive",
  assumptions: [],
  connections: [],
  across: [],
  clocks: [],
  notes: ["no connection of any scenario in 1 capture"],
};

describe.each(PAGE_CASES)("$name", ({ report, asked }) => {
  const pages = { first: "" };
  beforeAll(async () => {
    pages.first = pageOf(await report(), asked);
  });

  test("tells every sentence that the text report tells, and every failure", async () => {
    const made = await report();
    const groups = failureGroups(made);
    const texts = [
      ...verdictSections(made, { verbose: false }).flatMap((section) => section.texts),
      ...groups.flatMap(({ title, causes, explanation = "", remedy = "" }) => [
        title,
        explanation,
        remedy,
        ...causes.map(({ text }) => text),
      ]),
      ...groups.flatMap((group) => filterLines(made, group)),
      ...groups.flatMap(({ checks }) =>
        checks.flatMap(({ check }) => [check.check, check.expected, check.observed]),
      ),
    ];
    expect(texts.filter((text) => !pages.first.includes(escapeMarkup(text)))).toEqual([]);
  });

  test("draws a journey of each failure, or leads to one that is drawn", async () => {
    const made = await report();
    const articles = pages.first.split("<article").slice(1);
    expect(articles).toHaveLength(failureGroups(made).length);
    expect(articles.filter((text) => !/<svg class="ladder"|href="#journey-/.test(text))).toEqual(
      [],
    );
  });

  test("two runs give the same bytes", async () => {
    expect(pageOf(structuredClone(await report()), asked)).toBe(pages.first);
  });
});

test("the policy lets this script and this style run, and nothing else", () => {
  const page = pageOf(NOTHING);
  const [, policy = ""] = /Content-Security-Policy" content="([^"]*)"/.exec(page) ?? [];
  expect(policy.split("; ")).toEqual([
    "default-src 'none'",
    `style-src 'sha256-${hashOf(/<style>([^]*?)<\/style>/.exec(page)?.[1])}'`,
    `script-src 'sha256-${hashOf(/<script>([^]*?)<\/script>/.exec(page)?.[1])}'`,
    "base-uri 'none'",
    "form-action 'none'",
  ]);
});

test("nothing outside of the page is referred to", () => {
  for (const text of [SCRIPT, STYLE, pageOf(NOTHING)]) {
    expect(text).not.toMatch(
      /https?:|url\(|@import|\bsrc=|<link|<base|import\(|fetch\(|style="|\son\w+=/,
    );
  }
});

test("the script parses nothing as markup or as code", () => {
  expect(SCRIPT).not.toMatch(
    /innerHTML|outerHTML|insertAdjacent|document\.write|\beval\b|Function\(/,
  );
});

test("a report of nothing is a page that says so", () => {
  const page = pageOf(NOTHING);
  expect(page).toContain("? INCONCLUSIVE");
  expect(page).toContain(NOTHING.notes[0]);
  expect(page).not.toContain("<svg");
});

test("what could not be read is said", () => {
  expect(pageOf(NOTHING)).not.toContain("Not everything could be read");
  expect(pageOf(NOTHING, AUTO, { complete: false })).toContain("Not everything could be read");
});

function hashOf(text = ""): string {
  return createHash("sha256").update(text).digest("base64");
}
