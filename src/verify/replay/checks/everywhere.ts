import { isTunnelTransport } from "#verify/tunnel-transport.js";
import { captureAgain, wasRunning } from "#verify/coverage.js";
import { whyUnseen } from "#verify/replay/coverage.js";
import { describeFlow } from "#verify/replay/place-words.js";
import { receiver, type ReplayCase } from "#verify/replay/replay-case.js";
import type { ReplayCheck, ReplayOutcome } from "#verify/replay/replay-check.js";
import { isAnswered, isAtServer } from "#verify/replay/compared.js";

/** Only for connections that arrive: of a lost one, `delivered` says where it ends. */
export const everywhere: ReplayCheck = {
  nameFor: () => "seen at every point it must cross",
  examine(theCase) {
    if (!receiver(theCase)) return undefined;
    const { best, points } = theCase;
    const must = points.filter((point) => (best.must.get(point)?.length ?? 0) > 0);
    const expected =
      must.length > 0 ? must.map(({ name }) => name).join(", ") : "nothing elsewhere";
    const stray = best.flows.find((compared) => isStray(theCase, compared));
    if (stray) {
      return {
        verdict: "fail",
        expected: `not at ${stray.flow.point.name}`,
        observed: describeFlow(stray.flow),
        flows: [stray.flow],
      };
    }
    const isOver = best.flows.some((compared) => isAtServer(theCase, compared));
    if (!isOver || must.length < 2) {
      const observed = isOver ? "only one capture point is on its path" : "it ends before";
      return { verdict: "not applicable", expected, observed };
    }
    return absence(theCase, expected) ?? pass(theCase, must.length, expected);
  },
};

/** At a point where the model has nothing of this connection at all. */
function isStray(
  { best }: ReplayCase,
  { flow, sighting }: ReplayCase["best"]["flows"][number],
): boolean {
  const { protocol, destination } = flow.tuple;
  if (sighting !== undefined || isTunnelTransport(protocol, destination.port)) return false;
  const foretold = best.at.get(flow.point) ?? [];
  return !foretold.some((one) => flow.isTunnelled === (one.outer !== undefined));
}

function absence(theCase: ReplayCase, expected: string): ReplayOutcome | undefined {
  const absent = theCase.best.absent.filter(
    (one) => !isSeenOtherwise(theCase, one) && !isOfAnotherTime(theCase, one),
  );
  const doubts: string[] = [];
  for (const one of absent) {
    const why = whyUnseen(one, theCase);
    const what = `no ${one.sighting.direction} at ${one.point.name}, which was recording`;
    // What goes through crossed every point: then it is the capture that lacks it.
    const crossed = isAnswered(theCase) ? "the connection works" : shownBeyond(theCase, one);
    if (why === undefined && crossed === undefined) {
      return { verdict: "fail", expected, observed: what };
    }
    doubts.push(
      why ?? `${what}, though ${crossed}: a filter, a packet that the capture lost, or another way`,
    );
  }
  if (doubts.length === 0) return undefined;
  return {
    verdict: "inconclusive",
    expected,
    observed: [...new Set(doubts)].join("; "),
    missing: [...new Set(absent.map(({ point }) => captureAgain(point, theCase.journey)))],
  };
}

/** The model's sightings are in the order of the path: one behind it that was seen crossed it. */
function shownBeyond({ best }: ReplayCase, { sighting }: Absent): string | undefined {
  const at = best.sightings.indexOf(sighting);
  const beyond = best.flows.find(
    (one) =>
      one.sighting !== undefined &&
      one.sighting.direction === sighting.direction &&
      best.sightings.indexOf(one.sighting) > at,
  );
  return beyond && `${beyond.flow.point.name} shows it further on`;
}

type Absent = ReplayCase["best"]["absent"][number];

/** Of a connection that works nobody misses what a capture begun later does not show. */
function isOfAnotherTime(theCase: ReplayCase, { point }: Absent): boolean {
  return isAnswered(theCase) && point.first !== undefined && !wasRunning(point, theCase.journey);
}

/** Rewritten wrongly, which other checks say, and still there. */
function isSeenOtherwise(
  { best }: ReplayCase,
  { point, sighting: { direction } }: Absent,
): boolean {
  return best.flows.some(
    ({ flow, sighting }) =>
      flow.point === point &&
      sighting === undefined &&
      (flow.side === 0) === (direction === "request"),
  );
}

function pass({ best }: ReplayCase, count: number, expected: string): ReplayOutcome {
  const flows = best.flows.map(({ flow }) => flow);
  return { verdict: "pass", expected, observed: `seen at all ${count}`, flows };
}
