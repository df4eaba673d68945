/** How checks are made: each looks at one case and answers with evidence. */
import type { Case } from "#verify/case.js";
import type { Check, CheckName, Verdict } from "#verify/report.js";
import type { Sighting } from "#verify/sighting.js";

/** What a check found; the rest of `Check` is the same for all of them. */
export interface Outcome {
  readonly verdict: Verdict;
  readonly expected: string;
  readonly observed: string;
  readonly sightings?: readonly Sighting[];
  readonly assumptions?: readonly string[];
  readonly missing?: readonly string[];
}

/** One sentence and how it is held against a case. */
export interface CheckDefinition {
  nameFor(theCase: Case): CheckName;
  examine(theCase: Case): Outcome;
}

/** At most this many packets are cited per check: a reader needs one to look at, not all. */
const MAX_EVIDENCE = 4;

export function runCheck(definition: CheckDefinition, theCase: Case): Check {
  const outcome = definition.examine(theCase);
  const restsOnNothing = outcome.verdict === "not applicable";
  const { client, assumptions } = theCase;
  return {
    check: definition.nameFor(theCase),
    verdict: outcome.verdict,
    expected: outcome.expected,
    observed: outcome.observed,
    evidence: (outcome.sightings ?? []).slice(0, MAX_EVIDENCE).map(({ evidence }) => evidence),
    assumptions: restsOnNothing
      ? []
      : [...new Set([...assumptions, ...client.assumptions, ...(outcome.assumptions ?? [])])],
    missing: outcome.missing ?? [],
    finding: undefined,
  };
}

export const requests = ({ sightings }: Pick<Case, "sightings">): readonly Sighting[] =>
  sightings.filter(({ direction }) => direction === "request");

export const replies = ({ sightings }: Pick<Case, "sightings">): readonly Sighting[] =>
  sightings.filter(({ direction }) => direction === "reply");

/** Points behind all translation of requests: what they show is what the pod's socket gets. */
export function isBehindNat({ place }: Sighting): boolean {
  return place.role === "pod" || place.role === "veth" || place.role === "unknown";
}

/**
 * The delivered request nearest to the pod. A bridge shows requests from pods before their source
 * is translated, so it only counts when nothing nearer was captured and no pod dialled.
 */
export function deliveredRequest(theCase: Case): Sighting | undefined {
  // A hostNetwork pod's socket gets what the uplink shows.
  if (theCase.facts.target.hostNetwork) {
    return requests(theCase).findLast(({ place }) => place.role !== "client");
  }
  const delivered = requests(theCase).filter(({ stage }) => stage === "delivered");
  const near = delivered.find(isBehindNat);
  if (near) return near;
  const { client } = theCase.row;
  const isHalfDone = client === "hairpin" || client === "pod-same-node";
  return isHalfDone ? undefined : delivered.at(-1);
}

/**
 * A reply that the node's own stack sent: at the node's uplink it has crossed no router, while a
 * pod's reply has crossed one, the node.
 */
export function nodesOwnReply(theCase: Case): Sighting | undefined {
  return replies(theCase).find(
    (sighting) =>
      sighting.stage === "dialled" &&
      sighting.hops === 0 &&
      pointOf(theCase, sighting) === "uplink",
  );
}

function pointOf(theCase: Case, sighting: Sighting): string | undefined {
  const point = theCase.points.find(({ name }) => name === sighting.point);
  return point && theCase.rowPointOf(point);
}

/** How a pod capture is asked for, with the name it would be recognised by. */
export function podCapture({ facts }: Case): string {
  return `a capture in the pod's network namespace (pod:${facts.target.pod ?? "NAME"}=FILE)`;
}

export function uplinkCapture({ facts }: Pick<Case, "facts">): string {
  return `a capture on the node's uplink (${facts.target.node ?? "NODE"}/eth0=FILE)`;
}
