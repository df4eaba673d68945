/** A connection that the intended rules stop, and that went on. */
import type { PathCause } from "#verify/attribution.js";
import type { ReplayCase } from "#verify/replay/replay-case.js";
import { collectBetween } from "./collect.js";
import type { Given } from "./gap.js";
import { whereOf } from "./rule-causes.js";
import { plainText } from "./same-rule.js";
import { wayOf } from "./way.js";

export function passedCause(theCase: ReplayCase, given: Given): PathCause | undefined {
  const { best } = theCase;
  const { end } = best.path;
  const beyond = best.flows.find(({ sighting }) => sighting === undefined)?.flow;
  if (end.kind === "delivered" || end.kind === "unknown" || beyond === undefined) return undefined;
  const way = wayOf(theCase, "request");
  const last = way.findLast(({ shows }) => shows === "as foretold");
  const where = whereOf(end.namespace);
  const by = end.rule
    ? `${end.rule.owner}'s rule is missing or not met: ${plainText(end.rule)}`
    : "";
  return {
    kind: "path",
    packets: beyond.side === 0 ? "request" : "answer",
    last: last?.point?.name,
    first: beyond.point.name,
    there: "other",
    candidates: [
      `${where}: ${by || `nothing there stops it: ${end.reason ?? "no rule"}`}`,
      `${where}: a conntrack entry that is older than the rules`,
    ],
    collect: last
      ? collectBetween({ ...given, direction: "request", last, first: undefined, stretch: [last] })
      : [],
  };
}
