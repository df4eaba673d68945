/**
 * Every recorded capture, cut short and with bytes flipped, through the whole program: never an
 * exception, never a wrong exit code. A cut loses packets, which is no accusation and no acquittal.
 * `npm run fuzz` takes every place; the normal run some of each file, the same ones every time.
 */
import { describe, expect, test } from "vitest";
import type { GivenFacts } from "#cluster/facts.js";
import { CURRENT_PORTMAP } from "#expected/rulesets/portmap.js";
import { findScenario } from "#expected/scenarios/index.js";
import { AUTO } from "#verify/auto.js";
import { flowsJson } from "#report/flows-json.js";
import { flowsDocument } from "#report/flows-schema.js";
import type { FlowsReport } from "#report/flows-report.js";
import { verdictJson } from "#report/verdict-json.js";
import { reportSchema } from "#report/verdict-schema.js";
import { formatEndpoint } from "#net/five-tuple.js";
import type { ConnectionReport, Report, Verdict } from "#verify/report.js";
import { STDIN } from "../../src/cli/inputs.js";
import { trackCaptures, verifyCaptures } from "../../src/pipeline.js";
import { runProgram } from "../cli/run-program.js";
import { recordedCaptures } from "../support/capture-files.js";
import { blockSource } from "../support/capture-read.js";
import { HOST_PORT_CASES, isBroken, SCENARIO_OF } from "../support/verify-cases.js";
import {
  capturesOf,
  CASES,
  SEPARATE_CASES,
  NOTHING_GIVEN,
  portmapOf,
  topologyOf,
  track,
} from "../support/verify-recorded.js";

const IS_LONG = process.env["PCAPCHECK_FUZZ"] === "long";
/** Of each file. What the model judges takes longer than what rows do, and there is more of it. */
const ROWS = { cuts: IS_LONG ? 200 : 12, flips: IS_LONG ? 2000 : 16 };
const PATHS = { cuts: IS_LONG ? 60 : 2, flips: IS_LONG ? 600 : 4 };
const placesOf = (recorded: string) => (HOST_PORT_CASES.includes(recorded) ? ROWS : PATHS);
/** Of the places, how many go through the command line too, by standard input. */
const TYPED_EVERY = IS_LONG ? 100 : 18;
/** Repeat a failure with the seed that its message gives. */
const SEED = Number(process.env["PCAPCHECK_FUZZ_SEED"] ?? 20_260_101);
const TIMEOUT = { timeout: IS_LONG ? 3_600_000 : 120_000 };

type Code = 0 | 1 | 2 | 3;
const CODES: Record<Report["verdict"], Code> = { pass: 0, fail: 1, inconclusive: 3 };

interface RecordedFile {
  readonly recorded: string;
  readonly path: string;
  readonly point: string;
  readonly bytes: Uint8Array;
}

function filesOf(recorded: string): RecordedFile[] {
  const bytesOf = new Map(
    recordedCaptures(".pcap", ".pcapng").map(({ path, bytes }) => [path, bytes] as const),
  );
  return capturesOf(recorded).map(({ point, path }) => {
    const bytes = bytesOf.get(path) ?? new Uint8Array(0);
    return { recorded, point, path, bytes };
  });
}

interface Given {
  readonly name: string;
  readonly facts: GivenFacts;
  readonly argv: readonly string[];
}

function givensOf(recorded: string): readonly [Given, Given] {
  const topology = topologyOf(recorded);
  return [
    { name: "nothing given", facts: NOTHING_GIVEN, argv: [] },
    {
      name: "topology given",
      facts: { ...NOTHING_GIVEN, topology },
      argv: ["--topology", `captures/${recorded}/topology.yaml`],
    },
  ];
}

interface Outcome {
  readonly tracked: FlowsReport;
  readonly report: Report;
  /** Of `flows` and of `verify`. */
  readonly flowsCode: Code;
  readonly code: Code;
}

/** Both commands on these bytes alone; throws where the program would, or writes another format. */
async function outcomeOf(file: RecordedFile, { facts }: Given): Promise<Outcome> {
  const { recorded, point, bytes } = file;
  const files = [{ name: STDIN.name, open: () => blockSource(bytes, STDIN.name) }];
  const tracked = await trackCaptures([{ point, files }], { facts: "all" });
  flowsDocument.parse(JSON.parse(text(flowsJson(tracked))));
  const report = await verdictOf({ recorded, tracked, facts });
  reportSchema.parse(JSON.parse(text(verdictJson(report, { complete: true }))));
  const unread = isUnread(tracked);
  return { tracked, report, flowsCode: unread ? 2 : 0, code: unread ? 2 : CODES[report.verdict] };
}

function text(chunks: Iterable<string>): string {
  return [...chunks].join("");
}

/** What exit 2 means: damaged, no capture, cut in its header, or not one packet decoded. */
function isUnread({ points }: FlowsReport): boolean {
  return points.some(({ captures, statistics: { records, withoutIp, arp } }) => {
    const isDamaged = captures.some(
      ({ format, problems, truncated, interfaces }) =>
        format === undefined ||
        problems.some(({ kind }) => kind === "malformed" || kind === "unsupported") ||
        (truncated && interfaces.length === 0),
    );
    return isDamaged || (records > 0 && withoutIp === records && arp.requests + arp.replies === 0);
  });
}

/** A case of none is held against what it must not be taken for; one of no rows against the model. */
function scenarioOf(recorded: string): string {
  const own = SCENARIO_OF[recorded] ?? AUTO.name;
  return own === "none" ? "hostport-external" : own;
}

interface Question {
  readonly recorded: string;
  readonly tracked: FlowsReport;
  readonly facts: GivenFacts;
}

async function verdictOf({ recorded, tracked, facts: given }: Question): Promise<Report> {
  const name = scenarioOf(recorded);
  const scenario = name === AUTO.name ? AUTO : findScenario(name);
  if (!scenario) throw new Error(`captures/${recorded}: no scenario ${name}`);
  const portmap = portmapOf(given.topology?.portmap ?? CURRENT_PORTMAP);
  return verifyCaptures(tracked, { scenario, given, portmap, strict: false });
}

/** mulberry32: the same numbers on every machine. */
function random(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

/** FNV-1a, so that each file has its own places. */
function seedOf(path: string): number {
  let hash = 0x811c9dc5 ^ SEED;
  for (const character of path)
    hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193);
  return hash >>> 0;
}

const PCAPNG_MAGIC = 0x0a0d0d0a;

/** Where headers and records of a file begin and end. */
function boundaries(bytes: Uint8Array): number[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const found = [0];
  const isPcapng = view.getUint32(0) === PCAPNG_MAGIC;
  for (let at = isPcapng ? 0 : 24; at < bytes.length;) {
    found.push(at);
    if (!isPcapng) found.push(at + 16);
    at += isPcapng ? view.getUint32(at + 4, true) : 16 + view.getUint32(at + 8, true);
  }
  return [...found, bytes.length];
}

/** Lengths to cut to: around every boundary first, then spread evenly; a seeded part of them. */
function cutPlaces({ recorded, path, bytes }: RecordedFile): number[] {
  const { cuts } = placesOf(recorded);
  const edges = boundaries(bytes).flatMap((at) => [at, at - 1, at + 1]);
  const even = Array.from({ length: 200 }, (_, step) => Math.floor((step * bytes.length) / 200));
  const inside = [...edges, ...even].filter((at) => at >= 0 && at < bytes.length);
  const all = [...new Set(inside)].slice(0, 200);
  if (all.length <= cuts) return all;
  const pick = random(seedOf(path));
  return Array.from({ length: cuts }, () => all.splice(pick(all.length), 1)[0] ?? 0);
}

interface Flip {
  readonly at: number;
  readonly to: number;
}

function flips({ recorded, path, bytes }: RecordedFile): Flip[] {
  const pick = random(seedOf(path) + 1);
  return Array.from({ length: placesOf(recorded).flips }, () => {
    const at = pick(bytes.length);
    return { at, to: (bytes[at] ?? 0) ^ (1 + pick(255)) };
  });
}
/** What was seen of connections with this verdict: which addresses where. */
function seenOf(report: Report, verdict: Verdict): ReadonlySet<string> {
  const connections = report.connections.filter((connection) => connection.verdict === verdict);
  return new Set(connections.flatMap(namesOf));
}

function namesOf({ sightings }: ConnectionReport): string[] {
  return sightings.map(
    ({ point, source, destination }) =>
      `${formatEndpoint(source)} > ${formatEndpoint(destination)} at ${point}`,
  );
}

/**
 * The model passes what every capture shows as it should be. Where packets of the end alone tell the
 * fault, a capture that ends before them shows a healthy beginning.
 */
const TOLD_AT_THE_END: Readonly<Record<string, RegExp>> = {
  // The entry is deleted between their lines.
  "broken-conntrack-entry-lost": /:4100[23] /,
};

/** A cut may leave a connection undecided. It may not turn its verdict into the opposite. */
function turned(whole: Report, cut: Report): string[] {
  return (["pass", "fail"] as const).flatMap((verdict) => {
    const opposite = seenOf(whole, verdict === "pass" ? "fail" : "pass");
    return cut.connections
      .filter((connection) => connection.verdict === verdict)
      .filter((connection) => namesOf(connection).some((name) => opposite.has(name)))
      .map((connection) => `${namesOf(connection)[0]} turned to ${verdict}`);
  });
}

/** A pass where the whole fails is right only about connections that do not fail in the whole. */
function acquitted(whole: Report, cut: Report): string[] {
  if (whole.verdict !== "fail" || cut.verdict !== "pass") return [];
  const failed = seenOf(whole, "fail");
  const names = cut.connections.flatMap(namesOf).filter((name) => failed.has(name));
  return names.map((name) => `acquitted, with ${name}`);
}

interface CutPlace {
  readonly file: RecordedFile;
  readonly length: number;
  readonly given: Given;
}

/** The case as it was recorded, with this file alone, and with all of them. */
interface Whole {
  readonly alone: Report;
  readonly all: Report;
  /** Without this file. */
  readonly others: FlowsReport;
}

async function wholeOf(file: RecordedFile, { facts }: Given): Promise<Whole> {
  const { recorded, path } = file;
  const captures = capturesOf(recorded);
  const one = await track(captures.filter((capture) => capture.path === path));
  return {
    alone: await verdictOf({ recorded, tracked: one, facts }),
    all: await verdictOf({ recorded, tracked: await track(captures), facts }),
    others: await track(captures.filter((capture) => capture.path !== path)),
  };
}

/** Exit 2: cut in the file's header, of a pcapng also in the block of its first interface. */
function isCutInHeader({ bytes }: RecordedFile, length: number): boolean {
  const [, start = 0, end = 0, next = 0] = boundaries(bytes);
  // A pcapng section that ends before any interface is whole, and empty.
  return start > 0 ? length < start : length < next && length !== end;
}

/** What is wrong about the program's answer to a cut file; nothing, as it should be. */
async function wrongAfterCut({ file, length, given }: CutPlace, whole: Whole): Promise<string[]> {
  const cut = { ...file, bytes: file.bytes.subarray(0, length) };
  const { tracked, report, code, flowsCode } = await outcomeOf(cut, given);
  const all = await verdictOf({
    recorded: file.recorded,
    tracked: {
      points: [...whole.others.points, ...tracked.points],
      connections: [...whole.others.connections, ...tracked.connections],
    },
    facts: given.facts,
  });
  const isHealthy = !isBroken(file.recorded);
  const toldAtTheEnd = TOLD_AT_THE_END[file.recorded];
  const shouldBeUnread = isCutInHeader(file, length);
  return [
    ...(shouldBeUnread === (flowsCode === 2) ? [] : [`flows exits ${flowsCode}`]),
    ...(shouldBeUnread === (code === 2) ? [] : [`verify exits ${code}`]),
    ...(isHealthy && report.verdict === "fail" ? ["accused"] : []),
    ...(isHealthy && all.verdict === "fail" ? ["accused beside the other captures"] : []),
    ...acquitted(whole.alone, report),
    ...acquitted(whole.all, all),
    // With nothing given, a cut may take what tells which of two pods it is about.
    ...(given.facts.topology
      ? [...turned(whole.alone, report), ...turned(whole.all, all)].filter(
          (flip) => !toldAtTheEnd?.test(flip),
        )
      : []),
  ];
}

/** The command line with the bytes piped into it says what the library says of them. */
async function wrongWhenTyped(file: RecordedFile, given: Given): Promise<string[]> {
  const outcome = await outcomeOf(file, given);
  const { recorded, point, bytes } = file;
  const world = { stdin: bytes };
  const flows = await runProgram(["flows", `${point}=-`, "-o", "json"], world);
  const verify = await runProgram(
    ["verify", `${point}=-`, "--scenario", scenarioOf(recorded), ...given.argv, "-o", "json"],
    world,
  );
  const expected = {
    flows: { code: outcome.flowsCode, stdout: text(flowsJson(outcome.tracked)) },
    verify: {
      code: outcome.code,
      stdout: text(verdictJson(outcome.report, { complete: outcome.flowsCode !== 2 })),
    },
  };
  return [
    ...differences("flows", flows, expected.flows),
    ...differences("verify", verify, expected.verify),
  ];
}

type Said = Pick<Awaited<ReturnType<typeof runProgram>>, "stdout" | "code">;

function differences(command: string, typed: Said, library: Said): string[] {
  return [
    ...(typed.code === library.code ? [] : [`${command} exits ${typed.code}, not ${library.code}`]),
    ...(typed.stdout === library.stdout ? [] : [`${command} prints other JSON`]),
  ];
}

/** What was thrown is one more thing that is wrong. */
async function guarded(examine: () => Promise<string[]>): Promise<string[]> {
  try {
    return await examine();
  } catch (error) {
    return [`threw ${error instanceof Error ? error.stack : String(error)}`];
  }
}

/** Enough to see what it is about. */
const MAX_TOLD = 10;

/** With the seed that places depend on. */
function told(wrong: readonly string[]): string[] {
  const again = `PCAPCHECK_FUZZ_SEED=${SEED}`;
  return wrong.slice(0, MAX_TOLD).map((line) => `${line} (${again}, 1 of ${wrong.length})`);
}

describe.each(CASES)("%s", (recorded) => {
  const files = filesOf(recorded);
  const givens = givensOf(recorded);

  test("cut anywhere: no exception, no wrong exit code", TIMEOUT, async () => {
    const wrong: string[] = [];
    for (const file of files) {
      for (const [turn, given] of givens.entries()) {
        const whole = await wholeOf(file, given);
        for (const [index, length] of cutPlaces(file).entries()) {
          // Both with every place in the long run; else they take turns.
          if (!IS_LONG && index % givens.length !== turn) continue;
          const cut = { ...file, bytes: file.bytes.subarray(0, length) };
          const isTyped = index % TYPED_EVERY === turn;
          const found = [
            ...(await guarded(() => wrongAfterCut({ file, length, given }, whole))),
            ...(isTyped ? await guarded(() => wrongWhenTyped(cut, given)) : []),
          ];
          const place = `${file.path} cut to ${length} bytes, ${given.name}`;
          wrong.push(...found.map((what) => `${place}: ${what}`));
        }
      }
    }
    expect(told(wrong)).toEqual([]);
  });

  test("any byte another: no exception, no wrong exit code", TIMEOUT, async () => {
    const wrong: string[] = [];
    for (const file of files) {
      for (const [index, { at, to }] of flips(file).entries()) {
        const bytes = Uint8Array.from(file.bytes);
        bytes[at] = to;
        const flipped = { ...file, bytes };
        const given = givens[index % 2 === 0 ? 0 : 1];
        const isTyped = index % TYPED_EVERY === 0;
        const found = [
          ...(await guarded(() => wrongAfterFlip(flipped, { at, given }))),
          ...(isTyped ? await guarded(() => wrongWhenTyped(flipped, given)) : []),
        ];
        const place = `${file.path} with byte ${at} = ${to}, ${given.name}`;
        wrong.push(...found.map((what) => `${place}: ${what}`));
      }
    }
    expect(told(wrong)).toEqual([]);
  });
});

/** Any verdict may be right about other bytes, but not about a file that is no capture any more. */
async function wrongAfterFlip(
  file: RecordedFile,
  { at, given }: { readonly at: number; readonly given: Given },
): Promise<string[]> {
  const { code, flowsCode } = await outcomeOf(file, given);
  const wasMagic = at < 4;
  return [
    ...(wasMagic && flowsCode !== 2 ? ["flows reads a file without its magic"] : []),
    ...(wasMagic && code !== 2 ? ["verify reads a file without its magic"] : []),
    ...((flowsCode === 2) === (code === 2) ? [] : [`flows exits ${flowsCode}, verify ${code}`]),
  ];
}

test("flips and cuts go through every capture", () => {
  const recorded = recordedCaptures(".pcap", ".pcapng").map(({ path }) => path);
  const paths = CASES.flatMap((name) => filesOf(name).map(({ path }) => path));
  expect(paths.sort()).toEqual(
    recorded.filter((path) => !SEPARATE_CASES.some((name) => path.startsWith(`${name}/`))),
  );
});
