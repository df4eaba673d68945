import { expect, test } from "vitest";
import type { ConnectionReport, Verdict } from "#verify/report.js";
import { withStops, worthTelling } from "#verify/stops-told.js";

function reports(count: number, verdict: Verdict): readonly ConnectionReport[] {
  return Array.from({ length: count }, (_, at) => ({
    id: `${verdict} ${at}`,
    protocol: "tcp",
    scenario: "pod-to-pod",
    client: undefined,
    verdict,
    sightings: [],
    checks: [],
    attributions: [],
    joinedBy: undefined,
  }));
}

function toldOf(all: readonly ConnectionReport[], asked: readonly string[]): readonly string[] {
  const kept = worthTelling(
    all.map((report) => ({ report })),
    asked,
  );
  const stops = new Map(kept.map(({ report }) => [report.id, () => []] as const));
  return withStops(all, { stops, asked }).flatMap(({ id, stops: told }) => (told ? [id] : []));
}

test("of a hundred connections all are told", () => {
  expect(toldOf(reports(100, "pass"), [])).toHaveLength(100);
});

test("of more, three of each kind and those that were asked for", () => {
  const all = [...reports(100, "pass"), ...reports(5, "fail")];
  expect(toldOf(all, ["pass 77"])).toEqual([
    "pass 0",
    "pass 1",
    "pass 2",
    "pass 77",
    "fail 0",
    "fail 1",
    "fail 2",
  ]);
});
