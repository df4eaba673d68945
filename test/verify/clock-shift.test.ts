/** A capture whose clock is off, and drifts: no verdict changes, and the offset is found. */
import { describe, expect, test } from "vitest";
import { findScenario } from "#expected/scenarios/index.js";
import { CURRENT_PORTMAP } from "#expected/rulesets/portmap.js";
import { AUTO } from "#verify/auto.js";
import type { ClockEstimate } from "#observed/correlate/clocks.js";
import type { FlowsReport } from "#report/flows-report.js";
import type { Report } from "#verify/report.js";
import type { Pair } from "#net/types.js";
import { verifyCaptures } from "../../src/pipeline.js";
import { anchorsOf, failuresOf, IS_FULL } from "../support/replay-cases.js";
import { numbersFrom } from "../support/replay-flips.js";
import { trackShifted, type ShiftedClock } from "../support/shifted-clock.js";
import {
  capturesOf,
  CASES,
  NOTHING_GIVEN,
  portmapOf,
  SEPARATE_CASES,
  topologyOf,
  track,
  type NamedCapture,
} from "../support/verify-recorded.js";

const SEED = 20_261_121;
const DRIFT_PPM = 50;
/** Of each case; with `PCAPCHECK_REPLAY=full` every capture, several times. */
const CAPTURES = IS_FULL ? 99 : 2;
const SHIFTS = IS_FULL ? 3 : 1;

const RECORDED = [...CASES, ...SEPARATE_CASES];

interface Shifted {
  readonly capture: NamedCapture;
  readonly clock: ShiftedClock;
}

function shiftsOf(recorded: string): readonly Shifted[] {
  const next = numbersFrom(SEED + RECORDED.indexOf(recorded));
  const captures = capturesOf(recorded).toSorted(() => next() - 0.5);
  return captures.slice(0, CAPTURES).flatMap((capture) =>
    Array.from({ length: SHIFTS }, () => ({
      capture,
      clock: { offsetSeconds: (next() - 0.5) * 7200, driftPpm: DRIFT_PPM },
    })),
  );
}

function ask(recorded: string, tracked: FlowsReport, name: string): Promise<Report> {
  const topology = topologyOf(recorded);
  const scenario = name === AUTO.name ? AUTO : findScenario(name);
  if (!scenario) throw new Error(`no scenario ${name}`);
  const portmap = portmapOf(topology.portmap ?? CURRENT_PORTMAP);
  const given = { ...NOTHING_GIVEN, topology };
  return verifyCaptures(tracked, { scenario, given, strict: false, portmap });
}

/** The scenarios that its connections are of for sure. */
function scenariosOf({ connections }: Report): readonly string[] {
  return [...new Set(connections.map(({ scenario }) => scenario))].filter(
    (name) => findScenario(name) !== undefined,
  );
}

/** By the packets that a connection is told of: ids go by time. */
function verdictsOf({ connections, across }: Report): readonly string[] {
  return [
    ...connections.map((report) => {
      const told = [report.verdict, report.scenario, ...failuresOf(report)].join(" ");
      return `${[...new Set(anchorsOf(report))].sort().join(" ")}: ${told}`;
    }),
    ...across.map(({ subject, check: { check, verdict } }) => `${check} of ${subject}: ${verdict}`),
  ].sort();
}

interface Found {
  /** ns that the estimate is away from the truth. */
  readonly error: number;
  readonly uncertainty: number;
}

/**
 * What only the pod's own containers say to each other on its lo: no proxy passes it on, and no other capture
 * shows it. When it was only that capture's own clock says. What rests on it may become unsure, and nothing else.
 */
function sharesNothing({ capture }: Shifted, { clocks }: Report): boolean {
  if (!capture.path.startsWith("broken-sidecar-bypassed/pod-p1a.lo")) return false;
  return clocks.some(
    ({ point, pairs, basis }) => point === capture.point && pairs === 0 && basis !== "reference",
  );
}

/** What the clock was made to show, against what was found; undefined where no packet can tell. */
function foundIn({ clock }: Shifted, { before, after, started }: Runs): Found | undefined {
  if (after?.uncertaintyNs === undefined || before?.uncertaintyNs === undefined) return undefined;
  if (after.basis === "unknown" || after.pairs === 0) return undefined;
  const offset = clock.offsetSeconds * 1e9;
  const ran = Number(after.at - started) - offset;
  return {
    error: Math.abs(after.offsetNs - offset - (ran * DRIFT_PPM) / 1e6),
    // What the recording itself leaves open comes on top.
    uncertainty: after.uncertaintyNs + before.uncertaintyNs,
  };
}

interface Runs {
  readonly before: ClockEstimate | undefined;
  readonly after: ClockEstimate | undefined;
  /** When the capture began, by the clock it was recorded with. */
  readonly started: bigint;
}

function runsOf({ capture }: Shifted, tracked: FlowsReport, [before, after]: Pair<Report>): Runs {
  const clockIn = ({ clocks }: Report): ClockEstimate | undefined =>
    clocks.find(({ point }) => point === capture.point);
  const file = tracked.points.find(({ name }) => name === capture.point)?.captures[0];
  return { before: clockIn(before), after: clockIn(after), started: file?.firstTime ?? 0n };
}

describe("no verdict changes when one capture's clock is off", () => {
  const found: Found[] = [];

  test.each(RECORDED)("%s", { timeout: 1_200_000 }, async (recorded) => {
    const captures = capturesOf(recorded);
    const tracked = await track(captures);
    const auto = await ask(recorded, tracked, AUTO.name);
    const wholes = new Map<string, Report>([[AUTO.name, auto]]);
    for (const name of scenariosOf(auto)) wholes.set(name, await ask(recorded, tracked, name));

    const wrong: string[] = [];
    for (const shifted of shiftsOf(recorded)) {
      const other = await trackShifted(captures, shifted);
      const what = `${shifted.capture.point} by ${shifted.clock.offsetSeconds.toFixed(3)} s`;
      for (const [name, before] of wholes) {
        const after = await ask(recorded, other, name);
        const known = new Set(verdictsOf(before));
        const isAlone = sharesNothing(shifted, after);
        const now = verdictsOf(after).filter(
          (one) => !known.has(one) && !(isAlone && one.endsWith(": inconclusive")),
        );
        wrong.push(...now.map((one) => `${name}, ${what}: ${one}`));
        if (name !== AUTO.name) continue;
        const offset = foundIn(shifted, runsOf(shifted, tracked, [before, after]));
        if (!offset) continue;
        found.push(offset);
        const { error, uncertainty } = offset;
        if (error > uncertainty) wrong.push(`${what}: off by ${error} ns, not ${uncertainty}`);
      }
    }
    expect(wrong).toEqual([]);
  });

  test("offsets found", () => {
    const inOrder = found.map(({ error }) => error).sort((a, b) => a - b);
    const sure = found.filter(({ uncertainty }) => uncertainty < 1e6).length;
    const [median = 0, worst = 0] = [inOrder[inOrder.length >> 1], inOrder.at(-1)];
    process.stdout.write(
      `${found.length} offsets found, ${sure} of them stated to be within 1 ms; ` +
        `off by ${Math.round(median / 1000)} us in the median, ${Math.round(worst / 1000)} us at most\n`,
    );
    expect(found.length).toBeGreaterThan(CASES.length);
  });
});
