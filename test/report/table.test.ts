import { stripVTControlCharacters } from "node:util";
import { expect, test } from "vitest";
import { COLOURED, PLAIN } from "#report/style.js";
import { formatBlocks, formatTable, UNBOUNDED, type Row, type Table } from "#report/table.js";

const table = (rows: readonly Row[]): Table => ({
  columns: [
    { heading: "POINT", align: "left", minimumWidth: 8 },
    { heading: "BYTES", align: "right", minimumWidth: undefined },
    { heading: "NOTES", align: "left", minimumWidth: 10 },
  ],
  rows,
});

const ROWS: readonly Row[] = [
  ["node1/eth0", "1234/5", { text: "no answer", tone: "bad" }],
  ["雪", "7/8", ""],
  ["pod:web", "9/0", "port unreachable from 2001:db8::1 (pod.pcap#14); zero windows 0/3"],
];

const text = (chunks: Iterable<string>): string => [...chunks].join("");
const at = (width: number, rows = ROWS) =>
  text(formatTable(table(rows), { width, style: PLAIN }))
    .split("\n")
    .slice(0, -1);

test("to a program: one line per row, two spaces, nothing wrapped, no empty cell", () => {
  expect(text(formatTable(table(ROWS), UNBOUNDED)).split("\n")).toEqual([
    "POINT        BYTES  NOTES",
    "node1/eth0  1234/5  no answer",
    "雪             7/8  -",
    "pod:web        9/0  port unreachable from 2001:db8::1 (pod.pcap#14); zero windows 0/3",
    "",
  ]);
});

test("to a wide terminal: the same under a rule", () => {
  expect(at(100)).toEqual([
    "POINT        BYTES  NOTES",
    "----------  ------  -----------------------------------------------------------------",
    "node1/eth0  1234/5  no answer",
    "雪             7/8  -",
    "pod:web        9/0  port unreachable from 2001:db8::1 (pod.pcap#14); zero windows 0/3",
  ]);
});

test("to a narrower one: the widest column is wrapped", () => {
  expect(at(50)).toEqual([
    "POINT        BYTES  NOTES",
    "----------  ------  ------------------------------",
    "node1/eth0  1234/5  no answer",
    "雪             7/8  -",
    "pod:web        9/0  port unreachable from",
    "                    2001:db8::1 (pod.pcap#14);",
    "                    zero windows 0/3",
  ]);
});

test("too narrow for any table: as records", () => {
  expect(at(24)).toEqual([
    "point node1/eth0",
    "    bytes 1234/5",
    "    notes no answer",
    "point 雪  bytes 7/8",
    "point pod:web",
    "    bytes 9/0",
    "    notes port",
    "    unreachable from",
    "    2001:db8::1",
    "    (pod.pcap#14); zero",
    "    windows 0/3",
  ]);
});

for (const width of [1, 8, 20, 24, 31, 40, 57, 79, 80, 200]) {
  test(`no line is wider than ${width} columns, or 20 for records, and nothing is lost`, () => {
    const lines = at(
      width,
      ROWS.filter((_, row) => row !== 1),
    );
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(Math.max(width, 20));
    const letters = lines.join("").replaceAll(/[\s-]/g, "");
    expect(letters).toContain("unreachablefrom2001:db8::1(pod.pcap#14);");
  });
}

test("a word wider than its column is broken, not cut", () => {
  const word = "0123456789".repeat(8);
  expect(
    at(40, [["p", "1", word]])
      .slice(2)
      .join("")
      .replaceAll(/[ p]/g, ""),
  ).toBe(`1${word}`);
});

test("control characters are written as escapes, in every form", () => {
  const rows: Row[] = [["evil\u001b[2J\r\n", "1/1", { text: "\u202eabc", tone: "good" }]];
  for (const width of [undefined, 80, 24]) {
    const out = text(formatTable(table(rows), { width, style: PLAIN }));
    expect(out).toContain("evil\\x1b[2J\\x0d\\x0a");
    expect(out.replaceAll("\n", "")).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  }
});

test("colour changes no letter and no width", () => {
  for (const width of [undefined, 100, 50, 24]) {
    const coloured = text(formatTable(table(ROWS), { width, style: COLOURED }));
    expect(coloured).toContain("\u001b[31m");
    expect(stripVTControlCharacters(coloured).replaceAll(/ +$/gm, "")).toBe(
      text(formatTable(table(ROWS), { width, style: PLAIN })),
    );
  }
});

test("a table without rows has its heading", () => {
  expect(text(formatTable(table([]), UNBOUNDED))).toBe("POINT  BYTES  NOTES\n");
  expect(at(80, [])).toEqual(["POINT  BYTES  NOTES"]);
});

test("in blocks the same bytes as at once, and no block is larger", () => {
  const rows = Array.from({ length: 1050 }, (_, row): Row => ROWS[row % ROWS.length] ?? []);
  const widths = [10, 6, 20];
  const inBlocks = [...formatBlocks(table(rows), { widths, style: COLOURED, blockRows: 100 })];
  const atOnce = [...formatBlocks(table(rows), { widths, style: COLOURED, blockRows: 2000 })];
  expect(inBlocks).toHaveLength(11);
  expect(atOnce).toHaveLength(1);
  expect(inBlocks.join("")).toBe(atOnce.join(""));
});

for (const count of [10_000, 50_000]) {
  test(`${count} rows come in chunks of a hundred, written as they are made`, () => {
    let asked = 0;
    const rows = {
      *[Symbol.iterator]() {
        for (let row = 0; row < count; row++) {
          asked++;
          yield ["node1/eth0", `${row}`, "-"];
        }
      },
    };
    const chunks = formatTable({ ...table([]), rows }, { width: 80, style: PLAIN })[
      Symbol.iterator
    ]();
    chunks.next();
    // Once for the widths, and one block.
    expect(asked).toBe(count + 100);
  });
}
