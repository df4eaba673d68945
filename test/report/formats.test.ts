/** Every format of `flows`, for the same connections. */
import { expect, test } from "vitest";
import type { Connection } from "#observed/flow/connection.js";
import { FLOWS_FORMATS } from "#report/flows-formats.js";
import { flowsJson, flowsJsonLines } from "#report/flows-json.js";
import { flowsDocument, flowsLine } from "#report/flows-schema.js";
import { COLOURED, PLAIN } from "#report/style.js";
import { UNBOUNDED } from "#report/table.js";
import { connection, ping, POINT, SUMMARY, unanswered } from "./connections.js";

const REPORT = { points: [POINT], connections: [connection(), unanswered(), ping()] };
const EMPTY = { points: [], connections: [] };

for (const { name, load } of FLOWS_FORMATS) {
  test(`${name}, to a program`, async () => {
    const chunks = (await load())(REPORT, UNBOUNDED);
    await expect([...chunks].join("")).toMatchFileSnapshot(`formats/${name}.txt`);
  });
}

for (const width of [80, 120, 200]) {
  test(`table, to a terminal of ${width} columns`, async () => {
    const render = await FLOWS_FORMATS[0]?.load();
    const chunks = [...(render?.(REPORT, { width, style: PLAIN }) ?? [])];
    await expect(chunks.join("")).toMatchFileSnapshot(`formats/table-${width}.txt`);
    for (const line of chunks.join("").split("\n")) expect(line.length).toBeLessThanOrEqual(width);
  });
}

test("an attempt that failed is red, one that went well has no colour", async () => {
  const render = await FLOWS_FORMATS[0]?.load();
  const lines = [...(render?.(REPORT, { width: undefined, style: COLOURED }) ?? [])];
  expect(lines.map((line) => line.includes("\u001b[31m"))).toEqual([false, false, true, false]);
});

test("json is what its schema says, every key of it documented", () => {
  const document: unknown = JSON.parse([...flowsJson(REPORT)].join(""));
  expect(flowsDocument.parse(document)).toEqual(document);
});

test("every line of jsonl is what its schema says, captures first", () => {
  const lines: unknown[] = [...flowsJsonLines(REPORT)].map((line) => JSON.parse(line));
  for (const line of lines) expect(flowsLine.parse(line)).toEqual(line);
  expect(lines.map((line) => Object.keys(Object(line)).at(-1))).toEqual([
    "capture",
    "connection",
    "connection",
    "connection",
  ]);
});

test("jsonl holds what json holds", () => {
  const document = flowsDocument.parse(JSON.parse([...flowsJson(REPORT)].join("")));
  const lines = [...flowsJsonLines(REPORT)].map((line) => flowsLine.parse(JSON.parse(line)));
  expect(lines.flatMap((line) => ("capture" in line ? [line.capture] : []))).toEqual(
    document.captures,
  );
  expect(lines.flatMap((line) => ("connection" in line ? [line.connection] : []))).toEqual(
    document.connections,
  );
});

test.each([REPORT, EMPTY])("json is indented as JSON.stringify indents", (report) => {
  const json = [...flowsJson(report)].join("");
  expect(json).toBe(`${JSON.stringify(JSON.parse(json), null, 2)}\n`);
});

test("nothing that a terminal obeys leaves through json", () => {
  const file = "a\u009b2J\u202e.pcap";
  const report = { points: [{ ...POINT, captures: [{ ...SUMMARY, file }] }], connections: [] };
  const json = [...flowsJson(report)].join("");
  expect(json.replaceAll("\n", "")).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  expect(flowsDocument.parse(JSON.parse(json)).captures[0]?.file).toBe(file);
});

test("connections are pulled as the text is taken, for no text of all of them exists", () => {
  let asked = 0;
  const connections: Iterable<Connection> = {
    *[Symbol.iterator]() {
      for (;;) {
        asked++;
        yield connection();
      }
    },
  };
  const chunks = flowsJson({ points: [], connections })[Symbol.iterator]();
  for (let chunk = 0; chunk < 10; chunk++) chunks.next();
  expect(asked).toBeLessThanOrEqual(10);
});
