/** Every format of `verify`, for the same findings. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Parser, type Result } from "tap-parser";
import { describe, expect, test } from "vitest";
import { validateXML } from "xmllint-wasm";
import { SCRIPT } from "#report/html/script.js";
import { STYLE } from "#report/html/style.js";
import { REPORT_FORMATS } from "#report/report-formats.js";
import { UNBOUNDED } from "#report/table.js";
import { reportLine } from "#report/verdict-line-schema.js";
import { reportSchema } from "#report/verdict-schema.js";
import type { Check } from "#verify/report.js";
import { annotatedFindings } from "../support/annotated.js";
import { pcapngText } from "../support/pcapng-text.js";
import { FINDINGS, HOSTILE, type Findings } from "../support/findings.js";

async function rendered(name: string, findings: Findings): Promise<string> {
  const format = REPORT_FORMATS.find((known) => known.name === name);
  const render = await format?.load();
  const { scenario, report, complete } = findings;
  const context = { scenario, complete, layout: UNBOUNDED, verbose: false };
  return [...(render?.(report, context) ?? [])].join("");
}

const find = (name: Findings["name"]): Findings => {
  const found = FINDINGS.find((findings) => findings.name === name);
  if (found) return found;
  throw new Error(`no findings are called ${name}`);
};

const PAIRS = REPORT_FORMATS.flatMap(({ name: format }) =>
  FINDINGS.map((findings) => ({ format, name: findings.name, findings })),
);

test.each(PAIRS)("$name as $format", async ({ format, name, findings }) => {
  const text = await rendered(format, findings);
  // The page's own script and style sheet are no findings.
  const told = text.replace(STYLE, "…").replace(SCRIPT, "…");
  await expect(told).toMatchFileSnapshot(`report-formats/${name}.${format}.txt`);
  expect(await rendered(format, findings), "the same bytes each time").toBe(text);
});

test.each(FINDINGS)("$name as pcapng, block by block", async (findings) => {
  const text = pcapngText(annotatedFindings(findings));
  await expect(text).toMatchFileSnapshot(`report-formats/${findings.name}.pcapng.txt`);
});

test.each(REPORT_FORMATS)(
  "nothing a terminal obeys or a reader cannot see: $name",
  async ({ name }) => {
    const text = await rendered(name, find("hostile"));
    for (const character of ["\u001b", "\u009b", "\u202e", "\u2028", "\ud800", "\ufffe"]) {
      expect(HOSTILE).toContain(character);
      expect(text).not.toContain(character);
    }
  },
);

describe("junit", () => {
  const schema = readFileSync("test/fixtures/junit/jenkins-junit.xsd", "utf8");

  test.each(FINDINGS)("$name is valid", async (findings) => {
    const contents = await rendered("junit", findings);
    const { errors } = await validateXML({ xml: [{ fileName: "junit.xml", contents }], schema });
    expect(errors).toEqual([]);
  });

  test("the schema tells what is not valid", async () => {
    const contents = (await rendered("junit", find("fail"))).replace("<failure", "<failed");
    const { valid } = await validateXML({ xml: [{ fileName: "junit.xml", contents }], schema });
    expect(valid).toBe(false);
  });

  test.each(FINDINGS)("$name counts what it has, each check once", async (findings) => {
    const text = await rendered("junit", findings);
    const count = (pattern: RegExp): number => [...text.matchAll(pattern)].length;
    const cases = count(/<testcase /g);
    const head = `tests="${cases}" failures="${count(/<failure /g)}" errors="${count(/<error /g)}">`;
    expect(text.split("\n")[1]).toContain(head);
    expect(cases).toBe(checksOf(findings).length + (findings.complete ? 0 : 1));
    expect(count(/<skipped /g)).toBe(
      checksOf(findings).filter(({ verdict }) => verdict === "inconclusive").length,
    );
  });
});

/** Those that a test tool is told of. */
function checksOf({ report }: Findings): readonly Check[] {
  const judged = report.connections.filter(({ verdict }) => verdict !== "not applicable");
  return [...judged.flatMap(({ checks }) => checks), ...report.across.map(({ check }) => check)];
}

/** What a harness makes of it. */
async function parseTap(findings: Findings) {
  const points: Result[] = [];
  const strange: string[] = [];
  const parser = new Parser({ strict: true });
  parser.on("assert", (point) => points.push(point));
  parser.on("extra", (line) => strange.push(line));
  parser.end(await rendered("tap", findings));
  const { planEnd, bailedOut, failures } = parser;
  return { points, strange, planEnd, bailedOut, failures };
}

describe("tap", () => {
  test.each(FINDINGS)("$name is read as it is meant", async (findings) => {
    const { points, strange, planEnd, bailedOut, failures } = await parseTap(findings);
    expect({ strange, bailedOut }).toEqual({ strange: [], bailedOut: false });
    expect(points).toHaveLength(planEnd);
    expect(failures.filter(({ tapError }) => tapError !== null)).toEqual([]);
    const verdicts = points.map(({ ok, skip }) => (skip ? "inconclusive" : ok ? "pass" : "fail"));
    const unread = findings.complete ? [] : ["fail"];
    expect(verdicts.sort()).toEqual(
      [...unread, ...checksOf(findings).map(({ verdict }) => verdict)].sort(),
    );
  });

  test("names, reasons and diagnostics survive whatever is in them", async () => {
    const shown = HOSTILE.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Cs}\ufffe]/gu, (character) => {
      const code = character.codePointAt(0) ?? 0;
      const hex = code.toString(16);
      return code <= 0xff ? `\\x${hex.padStart(2, "0")}` : `\\u${hex.padStart(4, "0")}`;
    });
    const { points } = await parseTap(find("hostile"));
    const [first] = points;
    expect(first?.name).toContain(shown.trim());
    expect(first?.diag).toMatchObject({ code: "PC001", expected: shown, observed: shown });
    const skipped = points.find(({ skip }) => skip !== false);
    expect(skipped?.skip).toContain(shown.trim());
  });
});

describe("jsonl", () => {
  test.each(FINDINGS)(
    "$name: every line is what its schema says, and holds what json has",
    async (findings) => {
      const text = await rendered("jsonl", findings);
      const lines = text
        .trimEnd()
        .split("\n")
        .map((line) => {
          const value: unknown = JSON.parse(line);
          expect(reportLine.parse(value)).toEqual(value);
          return reportLine.parse(value);
        });
      const [first] = lines;
      const document = reportSchema.parse(JSON.parse(await rendered("json", findings)));
      const { verdict, assumptions } = document;
      expect(first).toMatchObject({ run: { verdict, assumptions, complete: findings.complete } });
      const connections = lines.flatMap((line) => ("connection" in line ? [line.connection] : []));
      const across = lines.flatMap((line) => ("across" in line ? [line.across] : []));
      expect({ connections, across }).toEqual({
        connections: document.connections,
        across: document.across,
      });
    },
  );
});

/** What is left of a line without its code spans (CommonMark §6.1). */
const outsideCode = (line: string): string => line.replace(/(?<!`)(`+)(?!`).*?(?<!`)\1(?!`)/g, "");

describe("markdown", () => {
  test("no markup of a capture comes alive", async () => {
    const text = await rendered("markdown", find("hostile"));
    for (const line of text.split("\n")) {
      const ours = line
        .replace(/^(#{1,2} |- |> )/, "")
        .replace(/^<details><summary>[a-z ]+<\/summary>$|^<\/details>$/, "")
        .replaceAll(/\*\*|e\.g\./g, "");
      const left = outsideCode(
        line.startsWith("|") ? ours.slice(1, -1).replaceAll(" | ", " ") : ours,
      );
      expect(left.replaceAll(/:--|--:/g, "")).not.toMatch(
        /[`@#<>[\]{}$&~_*\\|=+]|[A-Za-z][:.]\w|www|[0-9a-f]{7}|[A-Za-z]-\d|^\d+[.)]|^-/,
      );
    }
  });

  test("every row of a table has as many cells as its head", async () => {
    const lines = (await rendered("markdown", find("hostile"))).split("\n");
    const rows = lines.filter((line) => line.startsWith("|"));
    const heads = rows.filter((_, at) => rows[at + 1]?.startsWith("| :--"));
    const cells = rows.map((line) => line.split("|").length);
    expect(heads).toHaveLength(2);
    expect(new Set(cells).size).toBeLessThanOrEqual(heads.length);
  });
});

describe("of 10,000 connections with four causes", () => {
  const { report, ...asked } = find("fail");
  const failed = report.connections.filter(({ verdict }) => verdict === "fail");
  const [good] = report.connections;
  const causes = failed.map((one, at) => ({
    ...one,
    checks: one.checks.map((check) => ({
      ...check,
      finding: check.finding && { ...check.finding, code: `PC90${at}` },
    })),
  }));
  const connections = Array.from({ length: 10_000 }, (_, at) => {
    const one = at % 10 === 0 ? causes[(at / 10) % causes.length] : good;
    return one ? [{ ...one, id: `c${at}` }] : [];
  }).flat();
  const many: Findings = { ...asked, report: { ...report, connections, across: [] } };

  test("the table is read in a minute, and tells each cause with its count", async () => {
    const text = await rendered("table", many);
    expect(text.split("\n").length).toBeLessThan(120);
    expect(text).toMatch(/^ 9000 {2}pass {2}/m);
    for (const at of causes.keys())
      expect(text).toMatch(new RegExp(`^ +250  fail +PC90${at} `, "m"));
  });

  test.each(["junit", "tap", "markdown"])("%s is one that its readers take", async (name) => {
    const text = await rendered(name, many);
    // GitHub's limit of an issue.
    expect(text.length).toBeLessThan(65_536);
    for (const at of causes.keys()) expect(text).toContain(`PC90${at}`);
    expect(text).toMatch(/9000|8999/);
  });

  test("-v tells each connection", async () => {
    const render = await REPORT_FORMATS[0].load();
    const context = { ...many, layout: UNBOUNDED, verbose: true };
    const lines = [...render(many.report, context)].join("").split("\n");
    expect(lines.filter((line) => /^c\d+ /.test(line))).toHaveLength(10_000);
  });
});

test("neither time zone, locale nor terminal changes a byte", { timeout: 30_000 }, () => {
  const folder = mkdtempSync(join(tmpdir(), "pcapcheck-formats-"));
  const names = REPORT_FORMATS.map(({ name }) => name);
  const worlds = [
    { TZ: "Pacific/Chatham", LANG: "tr_TR.UTF-8", LC_ALL: "tr_TR.UTF-8", COLUMNS: "40" },
    { TZ: "UTC", LANG: "C", LC_ALL: "C", COLUMNS: "200", FORCE_COLOR: "1" },
  ];
  const runs = worlds.map((env, run) => {
    const words = names.map((name) => `-o${name}=${join(folder, `${run}.${name}`)}`);
    const scenario = ["--scenario", "hostport-external", ...words];
    const argv = ["dist/cli/main.js", "verify", "captures/broken-extra-masquerade", ...scenario];
    const { status } = spawnSync("node", argv, { env: { ...process.env, ...env } });
    expect(status).toBe(1);
    return names.map((name) => readFileSync(join(folder, `${run}.${name}`), "utf8"));
  });
  rmSync(folder, { recursive: true });
  expect(runs[0]).toEqual(runs[1]);
});
