import { captureAgain } from "#verify/coverage.js";
import { whyUnseen } from "#verify/replay/coverage.js";
import {
  answerOf,
  isAtServer,
  nodesOwnAnswer,
  requestsOf,
  serverTaps,
} from "#verify/replay/compared.js";
import { captureAt, describeFlow, describeParty } from "#verify/replay/place-words.js";
import { receiver, type ReplayCase } from "#verify/replay/replay-case.js";
import type { ReplayCheck, ReplayOutcome } from "#verify/replay/replay-check.js";

export const delivered: ReplayCheck = {
  nameFor: () => "delivered",
  examine(theCase) {
    const end = receiver(theCase);
    if (!end) return undefined;
    const expected = `the request reaches ${describeParty(end.party)}`;
    const arrived = theCase.best.flows.find((compared) => isAtServer(theCase, compared));
    if (arrived) {
      const observed = `seen at ${arrived.flow.point.name}`;
      return { verdict: "pass", expected, observed, flows: [arrived.flow] };
    }
    return missing(theCase, expected);
  },
};

function missing(theCase: ReplayCase, expected: string): ReplayOutcome {
  const last = requestsOf(theCase).at(-1)?.flow;
  const seen = last ? `last seen as ${describeFlow(last)}` : "no request was captured";
  const flows = last ? [last] : [];
  const own = nodesOwnAnswer(theCase);
  if (own) {
    const observed = `${seen}; the node itself answered`;
    return { verdict: "fail", expected, observed, flows: [own] };
  }
  const answer = answerOf(theCase);
  if (answer) {
    const observed = `answered: ${describeFlow(answer)}`;
    return { verdict: "pass", expected, observed, flows: [answer] };
  }
  const absent = theCase.best.absent.filter(({ sighting }) =>
    serverTaps(theCase).includes(sighting.point),
  );
  const doubts: string[] = [];
  for (const one of absent) {
    const why = whyUnseen(one, theCase);
    if (why === undefined) {
      const observed = `${seen}, not at ${one.point.name}, which was recording${rejection(theCase)}`;
      return { verdict: "fail", expected, observed, flows };
    }
    doubts.push(why);
  }
  return {
    verdict: "inconclusive",
    expected,
    observed: [seen, ...new Set(doubts)].join("; "),
    flows,
    missing:
      absent.length > 0
        ? [...new Set(absent.map(({ point }) => captureAgain(point, theCase.journey)))]
        : serverTaps(theCase).slice(0, 1).map(captureAt),
  };
}

/** Unreachable, of any kind (RFC 792; RFC 4443 §3.1). */
function rejection(theCase: ReplayCase): string {
  const errors = requestsOf(theCase).flatMap(({ flow }) => flow.connection.icmpErrors);
  const error = errors.find(({ type, from }) => type === (from.includes(":") ? 1 : 3));
  return error ? `; ICMP ${error.type}/${error.code} from ${error.from}` : "";
}
