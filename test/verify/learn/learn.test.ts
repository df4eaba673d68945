/** A scenario learnt from a good case passes that case, and fails its broken twin. */
import { describe, expect, test } from "vitest";
import { readScenarioFile } from "#expected/scenario-files/scenario-file.js";
import type { Scenario } from "#expected/scenarios/scenario.js";
import { learntYaml } from "#report/learnt-yaml.js";
import { learntRows } from "#verify/learn/learnt-rows.js";
import type { Lesson } from "#verify/learn/learn.js";
import { learnCaptures } from "../../../src/pipeline.js";
import { askReplay, conntrackOf } from "../../support/replay-cases.js";
import {
  capturesOf,
  NOTHING_GIVEN,
  portmapOf,
  topologyOf,
  track,
} from "../../support/verify-recorded.js";

async function lessonOf(recorded: string): Promise<Lesson> {
  const topology = topologyOf(recorded);
  return learnCaptures(await track(capturesOf(recorded)), {
    given: { ...NOTHING_GIVEN, topology },
    strict: false,
    portmap: portmapOf(topology.portmap ?? "1.9.0"),
    conntrack: conntrackOf(recorded),
  });
}

function textOf(lessons: readonly Lesson[], cases: readonly string[]): string {
  const { rows, leftOut } = learntRows(lessons.flatMap(({ observations }) => observations));
  const untold = [...lessons.flatMap((lesson) => lesson.leftOut), ...leftOut];
  const portmap = portmapOf("1.9.0");
  return [...learntYaml({ name: "learnt", cases, rows, leftOut: untold, portmap })].join("");
}

const fileOf = (text: string): Scenario => readScenarioFile({ file: "learnt.yaml", text });

// prettier-ignore
const PAIRS = [
  { good: "nodeport-cluster",      broken: "broken-nodeport-no-masquerade" },
  { good: "nodeport-local",        broken: "broken-nodeport-local-as-cluster" },
  { good: "hostport-external",     broken: "broken-extra-masquerade" },
  { good: "hostport-hairpin",      broken: "broken-hairpin-off" },
  { good: "pod-to-pod-other-node", broken: "broken-pod-to-pod-masqueraded" },
  { good: "pod-egress",            broken: "broken-egress-no-masquerade" },
  { good: "clusterip-pod",         broken: "broken-clusterip-no-bridge-nf" },
  { good: "externalip",            broken: "broken-externalip-not-handled" },
  { good: "docker-published",      broken: "broken-docker-published-no-dnat" },
  { good: "docker-egress",         broken: "broken-docker-egress-no-masquerade" },
];

test.each(PAIRS)("learnt from $good: it passes, $broken fails", async ({ good, broken }) => {
  const scenario = fileOf(textOf([await lessonOf(good)], [good]));
  const again = await askReplay({ recorded: good, scenario, conntrack: "all" });
  expect(again.connections.filter(({ verdict }) => verdict === "fail")).toEqual([]);
  expect(again.verdict).toBe("pass");
  const twin = await askReplay({ recorded: broken, scenario, conntrack: "all" });
  expect(twin.verdict).toBe("fail");
});

describe("what is not learnt", () => {
  test("connections that fail, by their ids and what failed", async () => {
    const lesson = await lessonOf("broken-nodeport-no-masquerade");
    const failed = lesson.report.connections.filter(({ verdict }) => verdict === "fail");
    expect(failed.length).toBeGreaterThan(0);
    const ids = new Set(lesson.observations.map(({ id }) => id));
    expect(failed.filter(({ id }) => ids.has(id))).toEqual([]);
    const text = textOf([lesson], ["broken-nodeport-no-masquerade"]);
    for (const { id } of failed) expect(text).toContain(`# left out: ${id}: fail: `);
  });

  test("what two cases contradict each other about", async () => {
    const lesson = await lessonOf("nodeport-cluster");
    const first = lesson.observations.find(
      ({ situation }) => situation.dialled === "node-port" && situation.client === "external",
    );
    if (!first) throw new Error("nothing was learnt of a NodePort");
    const other = { ...first, id: "other:c1", sources: ["client" as const] };
    const { rows, leftOut } = learntRows([first, other]);
    expect(rows).toEqual([]);
    expect(leftOut.map(({ why }) => why)).toEqual(
      Array(2).fill(
        `${first.id} other:c1 are of one kind, and their servers see bridge:*, others client`,
      ),
    );
  });

  test("what only some connections showed is not what all must show", async () => {
    const lesson = await lessonOf("nodeport-cluster");
    const first = lesson.observations.find(({ situation }) => situation.dialled === "node-port");
    if (!first) throw new Error("nothing was learnt of a NodePort");
    const other = { ...first, id: "c99", seen: first.seen.filter(({ at }) => at !== "uplink") };
    const [row] = learntRows([first, other]).rows;
    const uplink = row?.row.points.filter(({ at }) => at === "uplink") ?? [];
    expect(uplink.map(({ seen, why }) => `${seen}: ${why}`)).toEqual(
      Array(2).fill("may: 1 of 2 connections showed it"),
    );
    expect(row?.row.points.find(({ at }) => at === "pod")?.seen).toBe("must");
  });
});

test("two cases are one file, the same bytes each time", async () => {
  const lessons = [await lessonOf("nodeport-cluster"), await lessonOf("pod-egress")];
  const text = textOf(lessons, ["nodeport-cluster", "pod-egress"]);
  expect(textOf(lessons, ["nodeport-cluster", "pod-egress"])).toBe(text);
  const scenario = fileOf(text);
  for (const recorded of ["nodeport-cluster", "pod-egress"]) {
    const { verdict } = await askReplay({ recorded, scenario, conntrack: "all" });
    expect(verdict).toBe("pass");
  }
});
