/** Where a user's row says otherwise than the model, what is seen must be what the row says. */
import { formatPredictedTuple } from "#expected/netfilter/predicted-tuple.js";
import { pointText } from "#expected/scenarios/cast.js";
import type { PredictedSighting } from "#expected/taps/predicted-sighting.js";
import { captureAgain } from "#verify/coverage.js";
import { isAnswered } from "#verify/replay/compared.js";
import type { AbsentSighting, ComparedFlow } from "#verify/replay/compare.js";
import { whyUnseen } from "#verify/replay/coverage.js";
import { describeFlow } from "#verify/replay/place-words.js";
import { receiver, type ReplayCase } from "#verify/replay/replay-case.js";
import type { ReplayCheck, ReplayOutcome } from "#verify/replay/replay-check.js";
import { captureTapOf, isAtTap } from "#verify/replay/tap-at.js";

export const asTheRowSays: ReplayCheck = {
  nameFor: () => "as the row says",
  examine(theCase) {
    const { byRow, best } = theCase;
    if (!byRow || byRow.expectation.governed.size === 0) return undefined;
    const flows = best.flows.filter((compared) => isGoverned(theCase, compared));
    const stranger = flows.find(({ sighting }) => sighting === undefined);
    if (stranger) {
      const { flow } = stranger;
      const expected = toldAt(theCase, stranger);
      return { verdict: "fail", expected, observed: describeFlow(flow), flows: [flow] };
    }
    const absent = missing(theCase);
    if (absent) return absent;
    if (flows.length === 0) return undefined;
    const names = [...new Set(flows.map(({ flow }) => flow.point.name))].join(", ");
    const seen = flows.map(({ flow }) => flow);
    return { verdict: "pass", expected: `at ${names}`, observed: `seen at ${names}`, flows: seen };
  },
};

/** At a point where row and model differ; that nothing may be there, another check says of what arrives. */
function isGoverned(theCase: ReplayCase, { flow, sighting }: ComparedFlow): boolean {
  const { byRow, best } = theCase;
  const governed = byRow?.expectation.governed;
  if (governed === undefined) return false;
  if (receiver(theCase) && best.at.get(flow.point)?.length === 0) return false;
  if (sighting) return governed.has(pointText(sighting.point));
  const capture = captureTapOf(flow.point);
  const taps = [...best.sightings, ...(byRow?.model.sightings ?? [])].map(({ point }) => point);
  return taps.some((tap) => isAtTap(capture, tap) && governed.has(pointText(tap)));
}

function toldAt({ best }: ReplayCase, { flow }: ComparedFlow): string {
  const here = best.at.get(flow.point) ?? [];
  const direction = flow.side === 0 ? "request" : "reply";
  const told = here.filter((one) => one.direction === direction).map(describeSighting);
  if (told.length === 0) return `no ${direction} at ${flow.point.name}`;
  return `${[...new Set(told)].join(" or ")} at ${flow.point.name}`;
}

function describeSighting({ tuple, outer }: PredictedSighting): string {
  return outer ? `${formatPredictedTuple(tuple)} in VXLAN` : formatPredictedTuple(tuple);
}

/** Of a connection that works: what was lost on its way, other checks say. */
function missing(theCase: ReplayCase): ReplayOutcome | undefined {
  const governed = theCase.byRow?.expectation.governed;
  if (!isAnswered(theCase)) return undefined;
  const absent = theCase.best.absent.filter(({ sighting }) =>
    governed?.has(pointText(sighting.point)),
  );
  const doubts: { readonly one: AbsentSighting; readonly why: string }[] = [];
  for (const one of absent) {
    const expected = `${describeSighting(one.sighting)} at ${one.point.name}`;
    const why = whyUnseen(one, theCase);
    if (why === undefined) {
      const observed = `no ${one.sighting.direction} at ${one.point.name}, which was recording`;
      return { verdict: "fail", expected, observed };
    }
    doubts.push({ one, why });
  }
  const [first] = doubts;
  if (!first) return undefined;
  return {
    verdict: "inconclusive",
    expected: `${describeSighting(first.one.sighting)} at ${first.one.point.name}`,
    observed: [...new Set(doubts.map(({ why }) => why))].join("; "),
    missing: [...new Set(doubts.map(({ one }) => captureAgain(one.point, theCase.journey)))],
  };
}
