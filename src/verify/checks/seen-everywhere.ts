import type { PointRow } from "#expected/scenarios/scenario.js";
import type { Case } from "#verify/case.js";
import { captureAgain } from "#verify/coverage.js";
import type { Point } from "#verify/point.js";
import type { Sighting } from "#verify/sighting.js";
import { isAnswered } from "./answered.js";
import { requests, type CheckDefinition, type Outcome } from "./check.js";
import { coverageOf } from "./coverage.js";

/** Only for connections that work: of a lost one, `delivered` says where it ends. */
export const seenEverywhere: CheckDefinition = {
  nameFor: () => "seen at every point it must cross",
  examine(theCase) {
    const rows = theCase.points.flatMap((point) => {
      const at = theCase.rowPointOf(point);
      if (isOfBystander(theCase, point, at)) return [];
      const row = theCase.row.points.find((candidate) => candidate.at === at);
      return row ? [{ point, row, sightings: sightingsAt(theCase, point) }] : [];
    });
    const stray = rows.find(({ row, sightings }) => row.seen === "never" && sightings.length > 0);
    const must = rows.filter(({ row }) => row.seen === "always").map(({ point }) => point.name);
    const expected = must.length > 0 ? must.join(", ") : "nothing elsewhere";
    if (stray) return strayed(stray);

    const absent = rows.filter(({ row, sightings }) => row.seen === "always" && !sightings.length);
    const isOver =
      theCase.facts.target.hostNetwork ||
      theCase.sightings.some(({ stage }) => stage === "delivered");
    if (absent.length > 0 && isOver) return judgeAbsence(theCase, absent, expected);
    if (must.length < 2 || !isOver) {
      const observed = isOver
        ? "only one capture point is on its path"
        : "the connection ends before";
      return { verdict: "not applicable", expected, observed };
    }
    const sightings = must.flatMap(
      (point) => theCase.sightings.find((sighting) => sighting.point === point) ?? [],
    );
    return { verdict: "pass", expected, observed: `seen at all ${must.length}`, sightings };
  },
};

/** Of the pods of a node one dials; the others have no part in it. */
export function isOfBystander(
  { facts, client }: Case,
  { place }: Point,
  at: ReturnType<Case["rowPointOf"]>,
): boolean {
  if (at !== "client-pod" && at !== "client-veth") return false;
  const pod = facts.given.topology?.pods.find(({ name }) => name === place.pod);
  return pod !== undefined && client.dialled !== undefined && pod.address !== client.dialled;
}

interface RowAtPoint {
  readonly point: Point;
  readonly row: PointRow;
  readonly sightings: readonly Sighting[];
}

function sightingsAt({ sightings }: Case, point: Point): readonly Sighting[] {
  return sightings.filter((sighting) => sighting.point === point.name);
}

function strayed({ point, row, sightings }: RowAtPoint): Outcome {
  const reason = row.why === undefined ? "" : `: ${row.why}`;
  return {
    verdict: "fail",
    expected: `not at ${point.name}${reason}`,
    observed: `seen at ${point.name}`,
    sightings,
  };
}

function judgeAbsence(theCase: Case, absent: readonly RowAtPoint[], expected: string): Outcome {
  const doubts: string[] = [];
  for (const { point } of absent) {
    const coverage = coverageOf(point, theCase);
    const what = `not seen at ${point.name}, which was recording`;
    const crossed = crossing(theCase, point);
    if (coverage.couldSee && crossed === undefined) {
      return { verdict: "fail", expected, observed: what };
    }
    doubts.push(
      coverage.couldSee
        ? `${what}, though ${crossed}: a filter, a packet that the capture lost, or another way`
        : coverage.because,
    );
  }
  return {
    verdict: "inconclusive",
    expected,
    observed: doubts.join("; "),
    missing: absent.map(({ point }) => captureAgain(point, theCase.journey)),
  };
}

/** What shows that it went through this point all the same: then it is the capture that lacks it. */
function crossing(theCase: Case, point: Point): string | undefined {
  if (isAnswered(theCase)) return "the connection works";
  const order = theCase.row.points.map(({ at }) => at as string);
  const rank = (one: Point | undefined): number =>
    order.indexOf((one && theCase.rowPointOf(one)) ?? "");
  const beyond = requests(theCase).find((sighting) => {
    const seenAt = theCase.points.find(({ name }) => name === sighting.point);
    return rank(seenAt) >= rank(point);
  });
  return beyond && `${beyond.point} shows it further on`;
}
