/** Rules that lead to an address which no pod has: an endpoint that is gone, or a pod nobody listed. */
import { answerOf, requestsOf } from "#verify/replay/compared.js";
import { describeFlow } from "#verify/replay/place-words.js";
import type { ReplayCase } from "#verify/replay/replay-case.js";
import type { ReplayCheck, ReplayOutcome } from "#verify/replay/replay-check.js";
import { endpointOfNobody } from "#verify/replay/unlisted.js";

export const endpointExists: ReplayCheck = {
  nameFor: () => "delivered",
  examine(theCase) {
    const address = endpointOfNobody(theCase);
    if (address === undefined) return undefined;
    const expected = `somebody has ${address}, where the rules lead`;
    const unlisted = [`in the topology: the pod or node that has ${address}`];
    const answer = answerOf(theCase);
    if (answer) {
      const observed = `answered: ${describeFlow(answer)}`;
      return { verdict: "inconclusive", expected, observed, flows: [answer], missing: unlisted };
    }
    const failure = failureOf(theCase);
    if (failure === undefined) {
      const observed = "the request once, and nothing after it";
      const missing = ["a capture where the request was seen that goes on for some seconds"];
      return { verdict: "inconclusive", expected, observed, missing };
    }
    if (failure.isUnreachable || isGone(theCase, address)) {
      const observed = `${failure.observed}: ${address} is gone`;
      return { ...failure, verdict: "fail", expected, observed };
    }
    return { ...failure, verdict: "inconclusive", expected, missing: unlisted };
  },
};

interface Failure extends Pick<ReplayOutcome, "observed" | "flows"> {
  readonly isUnreachable: boolean;
}

/** The node asks for the address by ARP, and says that nobody has it (linux net/ipv4/arp.c arp_error_report). */
function failureOf(theCase: ReplayCase): Failure | undefined {
  for (const { flow } of requestsOf(theCase)) {
    const error = flow.connection.icmpErrors.find(({ type, code, from }) =>
      // RFC 792 host unreachable; RFC 4443 §3.1 address unreachable.
      from.includes(":") ? type === 1 && code === 3 : type === 3 && code === 1,
    );
    if (!error) continue;
    const observed = `ICMP ${error.type}/${error.code} from ${error.from} (${flow.point.name})`;
    return { isUnreachable: true, observed, flows: [{ evidence: error.packet }] };
  }
  const repeated = requestsOf(theCase).find(({ flow }) => flow.connection.directions[0].syns > 1);
  if (!repeated) return undefined;
  const observed = `silence: ${describeFlow(repeated.flow)} sent again and again`;
  return { isUnreachable: false, observed, flows: [repeated.flow] };
}

function isGone({ topology }: ReplayCase, address: string): boolean {
  return topology.pods.some((pod) => pod.address === address && pod.gone);
}
