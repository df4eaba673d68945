import { expect, test } from "vitest";
import type { FailureGroup } from "#report/failure-groups.js";
import { failureExamples } from "#report/html/failure-examples.js";
import { DRAWN } from "./drawn-connection.js";

const group = (ids: readonly string[]): FailureGroup => ({
  code: "PC024",
  title: "the source was not masqueraded",
  ids,
  checks: [],
  causes: [],
  explanation: undefined,
  remedy: undefined,
});

const REPORT = {
  scenario: "auto",
  verdict: "fail",
  assumptions: [],
  connections: ["c1", "c2", "c3"].map((id) => ({
    ...DRAWN,
    id,
    stops: id === "c2" ? DRAWN.stops : undefined,
  })),
  across: [],
  clocks: [],
  notes: [],
} as const;

// prettier-ignore
const GROUPS = [
  { name: "one whose stops are known",       ids: [["c1", "c2"]],         shown: ["c2"] },
  { name: "the first, where none are",       ids: [["c1", "c3"]],         shown: ["c1"] },
  { name: "one that an earlier one has",     ids: [["c1"], ["c2", "c1"]], shown: ["c1", "c1 again"] },
  { name: "another, where they share none",  ids: [["c1"], ["c3"]],       shown: ["c1", "c3"] },
  { name: "none, where there is none",       ids: [["c9"]],               shown: ["none"] },
];

test.each(GROUPS)("a failure is told by $name", ({ ids, shown }) => {
  const examples = failureExamples(REPORT, ids.map(group));
  const told = examples.map((example) =>
    example ? `${example.connection.id}${example.isShown ? " again" : ""}` : "none",
  );
  expect(told).toEqual(shown);
});
