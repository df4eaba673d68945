/** Connections that must not get through: dropped in silence, or rejected with an error. */
import { samePredictedEndpoint } from "#expected/netfilter/predicted-tuple.js";
import { wentOn } from "#verify/checks/answered.js";
import { answerOf, repliesOf, requestsOf } from "#verify/replay/compared.js";
import { describeFlow } from "#verify/replay/place-words.js";
import { endpointOfNobody } from "#verify/replay/unlisted.js";
import type { ReplayCase } from "#verify/replay/replay-case.js";
import type { ReplayCheck, ReplayOutcome } from "#verify/replay/replay-check.js";
import type { SeenFlow } from "#verify/replay/seen-flow.js";

export const refused: ReplayCheck = {
  nameFor: ({ best }) => (best.path.end.kind === "rejected" ? "rejected" : "dropped"),
  examine(theCase) {
    const { end } = theCase.best.path;
    if (end.kind === "delivered" || endpointOfNobody(theCase) !== undefined) return undefined;
    const where = `${end.namespace.name}${end.rule ? `, ${end.rule.text}` : ""}`;
    if (end.kind === "unknown") {
      const line = end.rule ? `${end.rule.file}:${end.rule.line}` : (end.reason ?? "");
      return {
        verdict: "inconclusive",
        expected: `the model does not know: ${line}`,
        observed: "not judged",
        missing: [`what the rule does: ${end.rule?.text ?? end.reason ?? "unknown"}`],
      };
    }
    const through = gotThrough(theCase);
    const expected = `${end.kind} at ${where}`;
    if (through) {
      const observed = `gets through: ${describeFlow(through)}`;
      return { verdict: "fail", expected, observed, flows: [through] };
    }
    return end.kind === "rejected" ? rejected(theCase, expected) : dropped(theCase, expected);
  },
};

/** An answer that is no refusal, a client that goes on, or packets that were translated on their way. */
function gotThrough(theCase: ReplayCase): SeenFlow | undefined {
  const accepted = answerOf(theCase);
  if (accepted) return accepted;
  const gone = requestsOf(theCase).find(({ flow }) => wentOn(flow.connection));
  if (gone && theCase.journey.protocol === "tcp") return gone.flow;
  const { destination } = theCase.dial.tuple;
  return requestsOf(theCase).find(
    ({ flow, sighting }) =>
      sighting === undefined && !samePredictedEndpoint(flow.tuple.destination, destination),
  )?.flow;
}

/** A RST, or an ICMP error that quotes the request (RFC 792, RFC 4443 §3.1). */
function rejected(theCase: ReplayCase, expected: string): ReplayOutcome {
  const reset = repliesOf(theCase).find(({ flow }) => flow.connection.directions[1].resets > 0);
  if (reset) {
    return { verdict: "pass", expected, observed: describeFlow(reset.flow), flows: [reset.flow] };
  }
  for (const { flow } of requestsOf(theCase)) {
    const [error] = flow.connection.icmpErrors;
    if (!error) continue;
    const observed = `ICMP ${error.type}/${error.code} from ${error.from} (${flow.point.name})`;
    return { verdict: "pass", expected, observed, flows: [{ evidence: error.packet }] };
  }
  const repeated = repeatedRequest(theCase);
  if (repeated) {
    const observed = `silence: ${describeFlow(repeated)} sent again and again`;
    return { verdict: "fail", expected, observed, flows: [repeated] };
  }
  return undecided(theCase, expected);
}

function dropped(theCase: ReplayCase, expected: string): ReplayOutcome {
  const reset = repliesOf(theCase)[0];
  if (reset) {
    const observed = `refused: ${describeFlow(reset.flow)}`;
    return { verdict: "fail", expected, observed, flows: [reset.flow] };
  }
  for (const { flow } of requestsOf(theCase)) {
    const [error] = flow.connection.icmpErrors;
    if (!error) continue;
    const observed = `rejected: ICMP ${error.type}/${error.code} from ${error.from} (${flow.point.name})`;
    return { verdict: "fail", expected, observed, flows: [{ evidence: error.packet }] };
  }
  const repeated = repeatedRequest(theCase);
  if (repeated) {
    const observed = `silence: ${describeFlow(repeated)} sent again and again`;
    return { verdict: "pass", expected, observed, flows: [repeated] };
  }
  return undecided(theCase, expected);
}

function repeatedRequest(theCase: ReplayCase): SeenFlow | undefined {
  return requestsOf(theCase).find(({ flow }) => flow.connection.directions[0].syns > 1)?.flow;
}

function undecided(theCase: ReplayCase, expected: string): ReplayOutcome {
  const [seen] = requestsOf(theCase);
  return {
    verdict: "inconclusive",
    expected,
    observed: "the request once, and nothing after it",
    ...(seen ? { flows: [seen.flow] } : {}),
    missing: ["a capture where the request was seen that goes on for some seconds"],
  };
}
