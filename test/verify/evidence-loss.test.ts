/**
 * A capture that lost packets, was cut short by its snaplen, kept one direction or is not there at
 * all knows less, and nothing else: no verdict turns into its opposite, and what is undecided then
 * says what would decide it. `PCAPCHECK_REPLAY=full` takes every loss of every capture.
 */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { CURRENT_PORTMAP } from "#expected/rulesets/portmap.js";
import { findScenario } from "#expected/scenarios/index.js";
import { AUTO } from "#verify/auto.js";
import type { Report } from "#verify/report.js";
import { trackCaptures, verifyCaptures, type TrackedCaptures } from "../../src/pipeline.js";
import { blockSource } from "../support/capture-read.js";
import {
  burst,
  oneDirection,
  REMOVED,
  singles,
  snaplen,
  withLoss,
  type Loss,
} from "../support/capture-loss.js";
import { IS_FULL } from "../support/replay-cases.js";
import { numbersFrom, reversalsOf, withoutReason } from "../support/replay-flips.js";
import { STORY_ROWS } from "../support/replay-stories.js";
import {
  capturesOf,
  CASES,
  NOTHING_GIVEN,
  portmapOf,
  topologyOf,
  track,
  type NamedCapture,
} from "../support/verify-recorded.js";

const SEED = 20_261_121;
/** Of each case in the normal run: this many captures, each with another loss. */
const SAMPLES = 5;

const LOSSES: readonly Loss[] = [
  ...[1, 10, 50].flatMap((percent) => [singles(SEED, percent), singles(SEED + 1, percent)]),
  burst(SEED),
  burst(SEED + 1),
  burst(SEED + 2),
  snaplen(96),
  snaplen(54),
  oneDirection(0),
  oneDirection(1),
  REMOVED,
];

interface Less {
  readonly capture: NamedCapture;
  readonly loss: Loss;
}

function lessOf(recorded: string): readonly Less[] {
  const all = capturesOf(recorded).flatMap((capture) => LOSSES.map((loss) => ({ capture, loss })));
  if (IS_FULL) return all;
  const next = numbersFrom(SEED + CASES.indexOf(recorded));
  return Array.from({ length: SAMPLES }, () => all[Math.floor(next() * all.length)]).flatMap(
    (one) => one ?? [],
  );
}

/** `auto`, and what the case's own story is about. */
function scenariosOf(recorded: string): readonly string[] {
  const rows = STORY_ROWS.filter((row) => row.recorded === recorded);
  const own = rows.flatMap(({ scenarios: [only, ...more] }) =>
    only === undefined || more.length > 0 || only === "none" ? [] : [only],
  );
  return [AUTO.name, ...new Set(own)];
}

let examined = 0;

describe("no verdict turns into its opposite where a capture shows less", () => {
  test.each(CASES)("%s", { timeout: 3_600_000 }, async (recorded) => {
    const wrong: string[] = [];
    const scenarios = scenariosOf(recorded);
    for (const [turn, { capture, loss }] of lessOf(recorded).entries()) {
      const part = await trackedWithLoss(recorded, { capture, loss });
      if (part === undefined) continue;
      const asked = IS_FULL ? scenarios : scenarios.slice(turn % scenarios.length).slice(0, 1);
      for (const scenario of asked) {
        const whole = await wholeOf(recorded, scenario);
        const report = await verdictOf(recorded, { scenario, tracked: part });
        const found = [...reversalsOf(whole, report), ...withoutReason(report)];
        wrong.push(...found.map((it) => `${scenario}, ${capture.point}, ${loss.name}: ${it}`));
        examined++;
      }
    }
    expect(wrong).toEqual([]);
  });
});

test("most of the losses took something away", () => {
  expect(examined).toBeGreaterThan(2 * CASES.length);
});

const wholes = new Map<string, Promise<Report>>();

async function wholeOf(recorded: string, scenario: string): Promise<Report> {
  const key = `${recorded} ${scenario}`;
  const known =
    wholes.get(key) ??
    track(capturesOf(recorded)).then((tracked) => verdictOf(recorded, { scenario, tracked }));
  wholes.set(key, known);
  return known;
}

interface Question {
  readonly scenario: string;
  readonly tracked: TrackedCaptures;
}

async function verdictOf(recorded: string, { scenario: name, tracked }: Question): Promise<Report> {
  const scenario = name === AUTO.name ? AUTO : findScenario(name);
  if (!scenario) throw new Error(`no scenario ${name}`);
  const topology = topologyOf(recorded);
  const portmap = portmapOf(topology.portmap ?? CURRENT_PORTMAP);
  const given = { ...NOTHING_GIVEN, topology };
  return verifyCaptures(tracked, { scenario, given, strict: false, portmap });
}

const FOLDER = fileURLToPath(new URL("../../captures/", import.meta.url));

/** Undefined where the loss changes nothing. */
async function trackedWithLoss(
  recorded: string,
  { capture, loss }: Less,
): Promise<TrackedCaptures | undefined> {
  const others = await track(capturesOf(recorded).filter(({ path }) => path !== capture.path));
  if (loss === REMOVED) return others;
  const { point, path } = capture;
  const bytes = withLoss(readFileSync(FOLDER + path), loss);
  if (bytes === undefined) return undefined;
  const files = [{ name: path, open: () => blockSource(bytes, path) }];
  const part = await trackCaptures([{ point, files }], { facts: "all" });
  return {
    points: [...others.points, ...part.points],
    lists: [...others.lists, ...part.lists],
    connections: [...others.connections, ...part.connections],
  };
}
