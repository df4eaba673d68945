import { expect, test } from "vitest";
import type { Rewrite } from "#verify/journey-stop.js";
import { ladderColumns } from "#report/html/ladder-columns.js";
import { ladderLayout } from "#report/html/ladder-layout.js";
import { ladderRows, type LadderRow } from "#report/html/ladder-rows.js";
import { ladderStops, type LadderStop } from "#report/html/ladder-stops.js";
import { hopsLines } from "#report/html/ladder-words.js";
import { isRewritten } from "#report/html/rewritten.js";
import { DRAWN } from "./drawn-connection.js";

const STOP: LadderStop = {
  point: "node1.eth0",
  direction: "request",
  outcome: "as expected",
  expected: "a > b",
  observed: "a > b",
  ttl: undefined,
  packets: undefined,
  first: undefined,
  evidence: undefined,
  why: undefined,
  rewrites: [],
};

const at = (point: string, changes: Partial<LadderStop> = {}) => ({ ...STOP, point, ...changes });
const back = (point: string, changes: Partial<LadderStop> = {}) =>
  at(point, { direction: "reply", ...changes });

// prettier-ignore
const POINTS = [
  { point: "client.eth0",              group: "client",       label: "eth0" },
  { point: "client",                   group: "client",       label: "client" },
  { point: "node1.eth0",               group: "node1",        label: "eth0" },
  { point: "node1/cni0",               group: "node1",        label: "cni0" },
  { point: "node1.any/flannel.1",      group: "node1",        label: "any/flannel.1" },
  { point: "node1.any-sll",            group: "node1",        label: "any-sll" },
  { point: "pod-p1a.eth0",             group: "pod p1a",      label: "eth0" },
  { point: "pod:web@node1/eth0",       group: "pod web",      label: "eth0" },
  { point: "pod:web",                  group: "pod web",      label: "pod:web" },
  { point: "svc_host_port",            group: "svc_host_port", label: "svc_host_port" },
];

test.each(POINTS)("$point is $label of $group", (column) => {
  expect(ladderColumns([at(column.point)])).toEqual([column]);
});

test("columns are in path order; a point of replies alone stands where they pass it", () => {
  const stops = [
    at("client"),
    at("node1.eth0"),
    at("pod-a.eth0"),
    back("pod-a.eth0"),
    back("node1.cni0"),
    back("node1.eth0"),
    back("client"),
  ];
  expect(ladderColumns(stops).map(({ point }) => point)).toEqual([
    "client",
    "node1.eth0",
    "node1.cni0",
    "pod-a.eth0",
  ]);
});

/** `> 0 1 2: as expected`, `rewrite 1 to 2: true`. */
function brief(row: LadderRow): string {
  if (row.kind === "heading") return row.direction;
  if (row.kind === "rewrite") return `rewrite ${row.from} to ${row.to}: ${row.isDone}`;
  return `${row.from ?? "in"} > ${row.through.join(" ")}: ${row.stop.outcome}`;
}

function rowsOf(stops: readonly LadderStop[]): readonly string[] {
  return ladderRows(stops, ladderColumns(stops)).map(brief);
}

const DNAT: Rewrite = {
  at: "node1",
  table: "nat",
  chain: "CNI-DN-1",
  owner: "portmap",
  text: "-j DNAT",
  file: undefined,
  line: undefined,
  before: "a > b",
  after: "a > c",
};

// prettier-ignore
const LADDERS = [
  { name: "hops that show the same are one row", stops: [at("x0"), at("x1"), at("x2")], rows: ["request", "in > 0 1 2: as expected"] },
  { name: "another tuple begins a row", stops: [at("x0"), at("x1", { observed: "a > c" })], rows: ["request", "in > 0: as expected", "0 > 1: as expected"] },
  { name: "a rewrite stands between its columns", stops: [at("x0"), at("x1", { observed: "a > c", rewrites: [DNAT] })], rows: ["request", "in > 0: as expected", "rewrite 0 to 1: true", "0 > 1: as expected"] },
  { name: "what is missing is a row of its own", stops: [at("x0"), at("x1", { outcome: "missing", observed: undefined })], rows: ["request", "in > 0: as expected", "0 > 1: missing"] },
  { name: "what is seen came from where it was seen", stops: [at("x0"), at("x1", { outcome: "missing", observed: undefined }), at("x2")], rows: ["request", "in > 0: as expected", "0 > 1: missing", "0 > 2: as expected"] },
  { name: "replies go back", stops: [at("x0"), at("x1"), back("x1"), back("x0")], rows: ["request", "in > 0 1: as expected", "reply", "in > 1 0: as expected"] },
  { name: "a hairpin turns", stops: [at("x0"), at("x1"), at("x0")], rows: ["request", "in > 0 1: as expected", "1 > 0: as expected"] },
  { name: "an interface and any of it are no step back", stops: [at("n.eth0"), at("n.any/eth0"), back("n.eth0"), back("n.any/eth0")], rows: ["request", "in > 0 1: as expected", "reply", "in > 1 0: as expected"] },
  { name: "what was not foretold where it had been is no step", stops: [at("x0"), at("x0", { outcome: "stray", observed: "a > d" }), at("x1")], rows: ["request", "in > 0 1: as expected", "in > 0: stray"] },
  { name: "nor is it one when it is told last", stops: [at("x0"), at("x1"), at("x0", { outcome: "stray", observed: "a > d" })], rows: ["request", "in > 0 1: as expected", "in > 0: stray"] },
  { name: "what was not foretold where it had not been is one", stops: [at("x0"), at("x1", { outcome: "stray" })], rows: ["request", "in > 0: as expected", "0 > 1: stray"] },
];

test.each(LADDERS)("$name", ({ stops, rows }) => {
  expect(rowsOf(stops)).toEqual(rows);
});

// prettier-ignore
const REWRITES = [
  { name: "seen as it should be",    outcome: "as expected", observed: "a > c", done: true },
  { name: "seen as before",          outcome: "differs",     observed: "a > b", done: false },
  { name: "the other end differs",   outcome: "differs",     observed: "x > c", done: true },
  { name: "not seen",                outcome: "missing",     observed: undefined, done: undefined },
] as const;

test.each(REWRITES)("a rewrite whose result is $name", ({ outcome, observed, done }) => {
  expect(isRewritten(DNAT, at("x1", { outcome, observed }))).toBe(done);
});

test("any port of an address is any port", () => {
  const rewrite = { ...DNAT, after: "10.0.0.1:* > b" };
  const seen = (observed: string) =>
    isRewritten(rewrite, at("x1", { outcome: "differs", observed }));
  expect([seen("10.0.0.1:7 > b"), seen("10.0.0.10:7 > b")]).toEqual([true, false]);
});

test("without stops, sightings are drawn: requests along their way, replies along theirs", () => {
  const drawn = ladderStops({ ...DRAWN, stops: undefined });
  expect(drawn.map(({ point, direction }) => `${direction} ${point}`)).toEqual([
    "request client.eth0",
    "request pod-p2a.eth0",
    "reply pod-p2a.eth0",
    "reply client.eth0",
  ]);
  expect(new Set(drawn.map(({ outcome }) => outcome))).toEqual(new Set(["seen"]));
});

test("every outcome that absence or a difference has is told in a word", () => {
  const stops = ladderStops(DRAWN);
  const rows = ladderRows(stops, ladderColumns(stops));
  const lines = rows.flatMap((row) => (row.kind === "hops" ? hopsLines(row) : []));
  for (const word of ["missing", "expected", "observed", "not foretold", "not seen"]) {
    expect(lines.join("\n")).toContain(word);
  }
});

test("nothing of a ladder stands outside of it or on another", () => {
  const stops = ladderStops(DRAWN);
  const columns = ladderColumns(stops);
  const {
    width,
    height,
    rows,
    columns: placed,
  } = ladderLayout(columns, ladderRows(stops, columns));
  for (const [place, { x }] of placed.entries()) {
    expect(x).toBeGreaterThan((placed[place - 1]?.x ?? 0) + 20);
    expect(x).toBeLessThan(width);
  }
  let above = 0;
  for (const row of rows) {
    expect(row.y).toBeGreaterThan(above);
    expect(row.y).toBeLessThan(height);
    const right = row.kind === "rewrite" ? row.left + row.width : 0;
    expect(right).toBeLessThanOrEqual(width);
    above = row.kind === "rewrite" ? row.y + row.height : row.y;
  }
});
