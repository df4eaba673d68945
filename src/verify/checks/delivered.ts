import type { Case } from "#verify/case.js";
import { captureAgain } from "#verify/coverage.js";
import type { Point } from "#verify/point.js";
import type { Sighting } from "#verify/sighting.js";
import { isAnswered } from "./answered.js";
import {
  isBehindNat,
  nodesOwnReply,
  podCapture,
  requests,
  type CheckDefinition,
  type Outcome,
} from "./check.js";
import { coverageOf } from "./coverage.js";

export const delivered: CheckDefinition = {
  nameFor: () => "delivered",
  examine(theCase) {
    const expected = "the request reaches the pod";
    const arrived = theCase.sightings.find(
      (sighting) => sighting.stage === "delivered" && provesDelivery(theCase, sighting),
    );
    if (arrived) {
      return {
        verdict: "pass",
        expected,
        observed: `seen at ${arrived.point}`,
        sightings: [arrived],
      };
    }
    return missing(theCase, expected);
  },
};

/** Seen behind NAT, or answered by the pod. In a hairpin the dialled leg passes the pod as well. */
function provesDelivery(theCase: Case, sighting: Sighting): boolean {
  if (sighting.direction === "reply") return true;
  return isBehindNat(sighting) && rowPoint(theCase, sighting) !== "client-pod";
}

function rowPoint(theCase: Case, { point }: Sighting): string | undefined {
  const found = theCase.points.find(({ name }) => name === point);
  return found && theCase.rowPointOf(found);
}

function missing(theCase: Case, expected: string): Outcome {
  const last = lastSeen(theCase);
  const seen = last ? `last seen at ${last.point}` : "not seen";
  const own = nodesOwnReply(theCase);
  if (own) {
    const observed = `${seen}; the node itself answered`;
    return { verdict: "fail", expected, observed, sightings: [own] };
  }
  const behind = theCase.points.filter((point) => isPodSide(theCase, point));
  const doubts: string[] = [];
  for (const point of behind) {
    const coverage = coverageOf(point, theCase);
    if (coverage.couldSee && isAnswered(theCase)) {
      doubts.push(`not at ${point.name}, though it is answered`);
      continue;
    }
    if (coverage.couldSee) {
      const observed = `${seen}, not at ${point.name}, which was recording`;
      return { verdict: "fail", expected, observed, ...(last ? { sightings: [last] } : {}) };
    }
    doubts.push(coverage.because);
  }
  return {
    verdict: "inconclusive",
    expected,
    observed: [seen, ...doubts].join("; "),
    ...(last ? { sightings: [last] } : {}),
    missing:
      behind.length > 0
        ? behind.map((point) => captureAgain(point, theCase.journey))
        : [podCapture(theCase)],
  };
}

function isPodSide(theCase: Case, point: Point): boolean {
  const at = theCase.rowPointOf(point);
  return at === "veth" || at === "pod";
}

/** The sighting nearest to the pod, in the order of the path. */
function lastSeen(theCase: Case): Sighting | undefined {
  const order = theCase.row.points.map(({ at }) => at as string);
  const rank = (sighting: Sighting): number => order.indexOf(rowPoint(theCase, sighting) ?? "");
  const [best] = [...requests(theCase)].sort((a, b) => rank(b) - rank(a));
  return best;
}
