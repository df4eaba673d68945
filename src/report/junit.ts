/**
 * JUnit XML, as Jenkins' and GitLab's readers take it. A failure's type is the diagnosis' code; what the captures
 * do not decide is skipped, with what would decide it. No times, no host: two runs give the same bytes.
 */
import type { Report } from "#verify/report.js";
import type { RenderContext } from "./report-format.js";
import { sanitize } from "./sanitize.js";
import { testSuites, type Fact, type TestCase, type TestSuite } from "./test-cases.js";

export function* reportJunit(report: Report, context: RenderContext): Iterable<string> {
  const suites = testSuites(report, context);
  const all = suites.flatMap(({ cases }) => cases);
  const name = attribute("name", `pcapcheck ${context.scenario.name}`);
  yield `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites${name}${counts(all)}>\n`;
  for (const suite of suites) yield* testSuite(suite);
  yield "</testsuites>\n";
}

function* testSuite({ name, cases }: TestSuite): Iterable<string> {
  const skipped = attribute("skipped", `${count(cases, "inconclusive")}`);
  yield `  <testsuite${attribute("name", name)}${counts(cases)}${skipped}>\n`;
  for (const one of cases) yield* testCase(one, name);
  yield "  </testsuite>\n";
}

function* testCase(one: TestCase, suite: string): Iterable<string> {
  const { name, outcome, message, code, facts } = one;
  // A dot makes a package of what stands before it.
  const names = attribute("classname", `pcapcheck.${suite}`) + attribute("name", name);
  const assumed = facts.filter(({ label }) => label === "assumed");
  const reasons = facts.filter((fact) => !assumed.includes(fact));
  if (outcome === "pass" && assumed.length === 0) {
    yield `    <testcase${names}/>\n`;
    return;
  }
  yield `    <testcase${names}>\n`;
  const said = attribute("message", message);
  if (outcome === "fail") {
    yield `      <failure${attribute("type", code ?? "check")}${said}>${lines(reasons)}</failure>\n`;
  }
  if (outcome === "error") yield `      <error${attribute("type", "unread")}${said}/>\n`;
  if (outcome === "inconclusive") yield `      <skipped${said}/>\n`;
  if (assumed.length > 0) yield `      <system-out>${lines(assumed)}</system-out>\n`;
  yield "    </testcase>\n";
}

function counts(cases: readonly TestCase[]): string {
  return (
    attribute("tests", `${cases.length}`) +
    attribute("failures", `${count(cases, "fail")}`) +
    attribute("errors", `${count(cases, "error")}`)
  );
}

function count(cases: readonly TestCase[], wanted: TestCase["outcome"]): number {
  return cases.filter(({ outcome }) => outcome === wanted).length;
}

/** One line each: tools show them as they are. */
function lines(facts: readonly Fact[]): string {
  return facts.map(({ label, text }) => `${label}: ${escaped(text)}`).join("\n");
}

function attribute(name: string, value: string): string {
  return ` ${name}="${escaped(value)}"`;
}

/** What XML 1.0 §2.2 has no place for, not even as an entity, `sanitize` has written in other characters. */
function escaped(text: string): string {
  return sanitize(text).replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&apos;",
};
