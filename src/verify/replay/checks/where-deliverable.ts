/** Checks that a hostPort's rows have too, of a path that ends where somebody answers. */
import type { Exchange } from "#verify/case.js";
import type { CheckDefinition } from "#verify/checks/check.js";
import { exchangeOf } from "../exchange.js";
import { receiver } from "../replay-case.js";
import type { ReplayCheck } from "../replay-check.js";
import { isDirectionKnown } from "../is-direction-known.js";
import type { SeenFlow } from "../seen-flow.js";

/** A check that asks nothing of addresses, for paths whose end answers. */
export function whereDeliverable(definition: {
  nameFor(): ReturnType<CheckDefinition["nameFor"]>;
  examine(exchange: Exchange): ReturnType<CheckDefinition["examine"]>;
}): ReplayCheck {
  return {
    nameFor: () => definition.nameFor(),
    examine(theCase) {
      if (!receiver(theCase)) return undefined;
      const { sightings, ...outcome } = definition.examine(exchangeOf(theCase));
      const expected = outcome.expected.replace("the pod", "the server");
      if (outcome.observed.startsWith("RST") && !theCase.flows.some(isOpened)) {
        const observed = `${outcome.observed}, in a connection that was open before`;
        const missing = ["captures that show its handshake"];
        return { ...outcome, verdict: "inconclusive", expected, observed, missing };
      }
      return { ...outcome, expected, ...(sightings ? { flows: sightings } : {}) };
    },
  };
}

/** Without a handshake a reset may as well end what was healthy, by a lost conntrack entry too. */
const isOpened = ({ connection }: SeenFlow): boolean =>
  connection.protocol !== "tcp" || isDirectionKnown(connection);
