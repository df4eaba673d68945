/**
 * TAP 14 (testanything.org/tap-version-14-specification.html), with the reasons as YAML behind what did not pass.
 * What the captures do not decide is skipped, with what would decide it.
 */
import type { Report } from "#verify/report.js";
import type { RenderContext } from "./report-format.js";
import { sanitize, sanitizeJson } from "./sanitize.js";
import { testSuites, type Fact, type TestCase } from "./test-cases.js";

export function* reportTap(report: Report, context: RenderContext): Iterable<string> {
  const suites = testSuites(report, context);
  const total = suites.reduce((sum, { cases }) => sum + cases.length, 0);
  const { name, title } = context.scenario;
  yield `TAP version 14\n1..${total}\n# ${sanitize(`${name}: ${title}`)}\n`;
  let number = 0;
  for (const { name: suite, cases } of suites) {
    for (const one of cases) yield* testPoint(one, { number: ++number, suite });
  }
  yield `# ${report.verdict}\n`;
}

interface Place {
  /** From 1. */
  readonly number: number;
  readonly suite: string;
}

function* testPoint(one: TestCase, { number, suite }: Place): Iterable<string> {
  const { name, outcome, message, code, facts } = one;
  const isGood = outcome === "pass" || outcome === "inconclusive";
  const skip = outcome === "inconclusive" ? ` # SKIP ${escaped(message)}` : "";
  yield `${isGood ? "ok" : "not ok"} ${number} - ${escaped(`${suite}: ${name}`)}${skip}\n`;
  if (outcome === "pass") return;
  const said: readonly Fact[] = [
    { label: "message", text: message },
    { label: "severity", text: outcome },
    ...(code === undefined ? [] : [{ label: "code", text: code }]),
    ...facts,
  ];
  yield `  ---\n${yaml(said)}  ...\n`;
}

/** What several lines say of one thing is a list; every text is in double quotes, as in JSON (YAML 1.2 §7.3.1). */
function yaml(facts: readonly Fact[]): string {
  const labels = new Map<string, string[]>();
  for (const { label, text } of facts) {
    const key = label.replaceAll(" ", "_");
    labels.set(key, [...(labels.get(key) ?? []), text]);
  }
  return [...labels].map(([key, texts]) => `  ${key}:${values(texts)}\n`).join("");
}

function values(texts: readonly string[]): string {
  const [only] = texts;
  if (texts.length === 1 && only !== undefined) return ` ${quoted(only)}`;
  return texts.map((text) => `\n    - ${quoted(text)}`).join("");
}

function quoted(text: string): string {
  return sanitizeJson(JSON.stringify(sanitize(text)));
}

/** What a description gives another meaning to: a directive's sign, and what escapes it. */
function escaped(text: string): string {
  return sanitize(text).replace(/[\\#]/g, String.raw`\$&`);
}
