/** Every recorded case under every scenario's name: only its own story passes or fails, and as told. */
import { describe, expect, test } from "vitest";
import { SCENARIOS } from "#expected/scenarios/index.js";
import { worst, type Verdict } from "#verify/report.js";
import { anchorsOf, askReplay, failuresOf, IS_FULL } from "../../support/replay-cases.js";
import {
  ACROSS_ROWS,
  STORIES,
  STORY_ROWS,
  wholeStory,
  type StoryRow,
} from "../../support/replay-stories.js";

/** Servers in a node's network, which these scenarios are about as well. */
const ALSO: Readonly<Record<string, readonly string[]>> = {
  "hostnetwork-external": ["docker-host", "ingress"],
};

describe("a case under the name of a scenario that it is a case of", () => {
  const pairs = Object.keys(STORIES).flatMap((recorded) => {
    const rows = STORY_ROWS.filter((row) => row.recorded === recorded);
    const names = new Set(
      rows.flatMap(({ scenarios: [only, ...more] }) => (more.length > 0 ? [] : (only ?? []))),
    );
    names.delete("none");
    return [...names].map((scenario) => ({
      recorded,
      scenario,
      expected: expectedOf(rows, scenario),
    }));
  });

  test.each(pairs)(
    "$recorded is $expected as $scenario",
    async ({ recorded, scenario, expected }) => {
      const { verdict } = await askReplay({ recorded, scenario });
      expect(verdict).toBe(expected);
    },
  );
});

/** A hostPort's rows judge each connection alone. */
const isAcrossOf = (scenario: string): boolean =>
  scenario !== "node-to-pod" && !scenario.startsWith("hostport-");

function expectedOf(rows: readonly StoryRow[], scenario: string): Verdict {
  const sure = rows.filter(({ scenarios }) => scenarios.length === 1 && scenarios[0] === scenario);
  const isAcross = ACROSS_ROWS.some(
    ({ recorded, told }) =>
      told.includes(" fail") && recorded === rows[0]?.recorded && isAcrossOf(scenario),
  );
  const unsure = rows.filter(
    ({ scenarios, outcome }) =>
      scenarios.length > 1 && scenarios.includes(scenario) && outcome === "inconclusive",
  );
  return worst([
    ...unsure.map(() => "inconclusive" as const),
    ...sure.map(({ outcome }) => verdictIn(outcome)),
    ...(isAcross ? ["fail" as const] : []),
  ]);
}

function verdictIn(outcome: string): Verdict {
  return outcome === "pass" || outcome === "inconclusive" || outcome === "not applicable"
    ? outcome
    : "fail";
}

/** Of the names each case takes some, the same ones every time; `PCAPCHECK_REPLAY=full` takes all. */
function namesFor(recorded: string): readonly string[] {
  const names = SCENARIOS.map(({ name }) => name);
  const offset = Object.keys(STORIES).indexOf(recorded);
  return IS_FULL ? names : names.filter((_, at) => (at + offset) % 10 === 0);
}

describe("a connection passes and fails only under scenarios that its story allows", () => {
  test.each(Object.keys(STORIES))("%s", async (recorded) => {
    const told = new Map(
      (await wholeStory(recorded)).connections.flatMap((report) =>
        anchorsOf(report).map((anchor) => [anchor, report] as const),
      ),
    );
    const wrong: string[] = [];
    for (const name of namesFor(recorded)) {
      const { connections } = await askReplay({ recorded, scenario: name });
      for (const report of connections) {
        if (report.verdict !== "pass" && report.verdict !== "fail") continue;
        const [story] = anchorsOf(report).flatMap((anchor) => told.get(anchor) ?? []);
        const allowed = story?.scenario.split(" or ") ?? [];
        const isAllowed = [name, ...(ALSO[name] ?? [])].some((one) => allowed.includes(one));
        const isSame =
          story?.verdict === report.verdict &&
          failuresOf(story).join() === failuresOf(report).join();
        if (!isAllowed || !isSame) {
          wrong.push(
            `${report.id}: ${name} ${report.verdict}, but ${story?.scenario} ${story?.verdict}`,
          );
        }
      }
    }
    expect(wrong).toEqual([]);
  });
});
