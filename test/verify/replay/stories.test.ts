/** `--scenario auto` on every recorded case: each connection of the story under its own scenario. */
import { describe, expect, test } from "vitest";
import { CASES } from "../../support/verify-recorded.js";
import {
  ACROSS_ROWS,
  STORIES,
  STORY_ROWS,
  storyPortOf,
  toldOf,
  wholeStory,
} from "../../support/replay-stories.js";

test("every recorded case has its story", () => {
  expect(Object.keys(STORIES).toSorted()).toEqual(CASES);
});

describe("each row of a story", () => {
  test.each(STORY_ROWS)("$recorded: $text", async ({ recorded, ports, others, told }) => {
    const { connections } = await wholeStory(recorded);
    const named = connections.filter((one) => ports.includes(storyPortOf(recorded, one) ?? 0));
    expect(named.map(toldOf)).toEqual(ports.map(() => told));
    const unnamed = connections.filter((one) => storyPortOf(recorded, one) === undefined);
    const like = unnamed.filter((one) => toldOf(one) === told);
    expect(like).toHaveLength(others);
  });
});

describe("nothing but the story", () => {
  test.each(Object.keys(STORIES))("%s", async (recorded) => {
    const { connections } = await wholeStory(recorded);
    const rows = STORY_ROWS.filter((row) => row.recorded === recorded);
    const told = rows.reduce((sum, { ports, others }) => sum + ports.length + others, 0);
    expect(connections).toHaveLength(told);
  });
});

describe("what many connections tell together", () => {
  test.each(ACROSS_ROWS)("$recorded: $told", async ({ recorded, told }) => {
    const { across } = await wholeStory(recorded);
    const said = across.map(({ check: { check, verdict, finding } }) =>
      [check, verdict, ...(finding ? [finding.code] : [])].join(" "),
    );
    expect(said.join(", ")).toBe(told);
  });
});

describe("the verdict of the run", () => {
  test.each(Object.keys(STORIES))("%s", async (recorded) => {
    const { verdict } = await wholeStory(recorded);
    const healthy = recorded === "service-beside-hostport" ? "inconclusive" : "pass";
    expect(verdict).toBe(recorded.startsWith("broken-") ? "fail" : healthy);
  });
});
