/** Fewer captures know less, and nothing else: no verdict turns into its opposite. */
import { describe, expect, test } from "vitest";
import { askReplay, IS_FULL } from "../../support/replay-cases.js";
import { flipsOf, numbersFrom } from "../../support/replay-flips.js";
import { wholeStory } from "../../support/replay-stories.js";
import { capturesOf, CASES, type NamedCapture } from "../../support/verify-recorded.js";

type Captures = readonly NamedCapture[];

const SEED = 20_261_121;
const SAMPLES = IS_FULL ? 60 : 3;

/** Some of the ways to lose captures; with `PCAPCHECK_REPLAY=full` all single ones and more pairs. */
function partsOf(recorded: string): readonly Captures[] {
  const all = capturesOf(recorded);
  const next = numbersFrom(SEED + CASES.indexOf(recorded));
  const some = (list: readonly Captures[]): readonly Captures[] =>
    IS_FULL ? list : list.toSorted(() => next() - 0.5).slice(0, SAMPLES);
  const pick = (): NamedCapture | undefined => all[Math.floor(next() * all.length)];
  const pairs = Array.from({ length: SAMPLES }, () => [
    ...new Set([pick(), pick()].flatMap((one) => one ?? [])),
  ]);
  return [
    ...some(all.map((one) => [one])),
    ...pairs,
    ...some(all.map((one) => all.filter((other) => other !== one))).slice(0, IS_FULL ? 99 : 1),
  ];
}

describe("no verdict flips when captures are missing", () => {
  test.each(CASES)("%s", { timeout: 600_000 }, async (recorded) => {
    const whole = await wholeStory(recorded);
    const wrong: string[] = [];
    for (const captures of partsOf(recorded)) {
      const part = await askReplay({ recorded, captures });
      const names = captures.map(({ point }) => point).join(" ");
      wrong.push(...flipsOf(whole, part).map((flip) => `${flip} (${names})`));
    }
    expect(wrong).toEqual([]);
  });
});

describe("connections to one endpoint, captured without those to the other, are no uneven choice", () => {
  // prettier-ignore
  const ROWS = [
    { recorded: "nodeport-200-connections", points: "client.eth0 pod-p1a.eth0",   across: "endpoint choice inconclusive" },
    { recorded: "nodeport-200-connections", points: "node1.eth0",                 across: "endpoint choice inconclusive" },
    { recorded: "nodeport-200-connections", points: "node1.eth0 node1.cni0",      across: "endpoint choice pass" },
    { recorded: "nodeport-200-connections", points: "pod-p1a.eth0",               across: "" },
    { recorded: "nodeport-200-connections", points: "node1.cni0",                 across: "" },
    { recorded: "broken-endpoint-choice",   points: "node1.eth0 node1.cni0",      across: "endpoint choice fail" },
    { recorded: "broken-endpoint-choice",   points: "client.eth0 pod-p1a.eth0",   across: "endpoint choice fail" },
    { recorded: "session-affinity",         points: "client.eth0 pod-p1a.eth0",   across: "session affinity inconclusive" },
    { recorded: "broken-session-affinity",  points: "client.eth0 pod-p1a.eth0",   across: "session affinity inconclusive" },
    { recorded: "broken-session-affinity",  points: "node1.eth0 node1.cni0",      across: "session affinity fail" },
  ];

  test.each(ROWS)("$recorded, $points: $across", async ({ recorded, points, across }) => {
    const wanted = points.split(" ");
    const captures = capturesOf(recorded).filter(({ point }) => wanted.includes(point));
    const report = await askReplay({ recorded, captures });
    const told = report.across.map(({ check: { check, verdict } }) => `${check} ${verdict}`);
    expect(told.join(", ")).toBe(across);
  });
});
