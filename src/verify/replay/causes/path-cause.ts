/** The two points between which a packet was lost or rewritten. */
import { samePredictedEndpoint } from "#expected/netfilter/predicted-tuple.js";
import type { PathCause } from "#verify/attribution.js";
import {
  goingRound,
  isTranslated,
  nodesOwnAnswer,
  repliesOf,
  strayedRequest,
  untranslatedRequest,
} from "#verify/replay/compared.js";
import { receiver, type ReplayCase } from "#verify/replay/replay-case.js";
import { hopsOf } from "#verify/sighting.js";
import { captureTapOf } from "#verify/replay/tap-at.js";
import type { SeenFlow } from "#verify/replay/seen-flow.js";
import { collectBetween } from "./collect.js";
import type { Gap, Given } from "./gap.js";
import { lostData } from "./lost-data.js";
import { candidatesBetween } from "./path-candidates.js";
import { plainest } from "./plainest.js";
import { wayOf, type WayPoint } from "./way.js";

/** Undefined where every capture shows both directions as intended. */
export function pathCause(theCase: ReplayCase, given: Given): PathCause | undefined {
  const led = ledElsewhere(theCase);
  if (led) {
    const way = wayOf(theCase, "request");
    const at = way.findLastIndex(({ shows }) => shows === "as foretold");
    const flow = plainest(theCase, led.flow);
    const { node } = captureTapOf(flow.point);
    const stretch = way.slice(Math.max(0, at), at + 2);
    const gap = {
      ...given,
      direction: "request",
      last: way[at],
      first: undefined,
      stretch,
    } as const;
    return { ...causeOf(theCase, { ...gap, node, there: led.there }), first: flow.point.name };
  }
  for (const direction of ["request", "reply"] as const) {
    const gap = gapIn(wayOf(theCase, direction));
    if (gap) return causeOf(theCase, { ...gap, ...given, direction });
  }
  const lost = lostData(theCase);
  if (lost) return { ...causeOf(theCase, { ...lost, ...given, isData: true }), packets: "data" };
  for (const direction of ["request", "reply"] as const) {
    const gap = unprovenGap(wayOf(theCase, direction));
    if (gap) return causeOf(theCase, { ...gap, ...given, direction });
  }
  return undefined;
}

/** It is not seen any more, and no capture is known to have been able to show it. */
function unprovenGap(way: readonly WayPoint[]): Stretch | undefined {
  const from = way.findLastIndex(({ shows }) => shows === "as foretold");
  if (from < 0 || from === way.length - 1) return undefined;
  return { last: way[from], first: undefined, stretch: way.slice(from) };
}

type Stretch = Pick<Gap, "last" | "first" | "stretch">;

interface Led {
  readonly flow: SeenFlow;
  readonly there: PathCause["there"];
}

/** To a pod of another node it crosses no router either: a pod's answer would have crossed its node. */
function ownAnswerToPod(theCase: ReplayCase): SeenFlow | undefined {
  const { address } = theCase.dial.tuple.destination;
  if (receiver(theCase)?.party.kind !== "pod") return undefined;
  const owner = theCase.topology.nodes.find(({ addresses }) => addresses.includes(address));
  return repliesOf(theCase).find(
    ({ flow: { point, ttl, isTunnelled, tuple } }) =>
      captureTapOf(point).kind === "uplink" &&
      captureTapOf(point).node === owner?.name &&
      !isTunnelled &&
      hopsOf(ttl) === 0 &&
      tuple.source.address === address,
  )?.flow;
}

/** By rules that do otherwise, or by none, it comes where no point of the intended way is. */
function ledElsewhere(theCase: ReplayCase): Led | undefined {
  const strayed = strayedRequest(theCase);
  if (strayed) return { flow: strayed, there: "another destination" };
  // What came to its server was translated; a later answer of the node's own has another reason.
  if (wayOf(theCase, "request").some(({ isAtEnd, shows }) => isAtEnd && shows === "as foretold")) {
    return undefined;
  }
  const own = nodesOwnAnswer(theCase) ?? ownAnswerToPod(theCase);
  if (own) return { flow: own, there: "the node's own answer" };
  const still = isTranslated(theCase)
    ? (untranslatedRequest(theCase) ?? goingRound(theCase))
    : undefined;
  return still && { flow: still, there: "destination not translated" };
}

function gapIn(way: readonly WayPoint[]): Stretch | undefined {
  const from = way.findLastIndex(({ shows }) => shows === "as foretold");
  const to = way.findIndex(
    ({ shows }, at) => at > from && shows !== "as foretold" && shows !== "unknown",
  );
  if (to < 0) return undefined;
  return { last: way[from], first: way[to], stretch: way.slice(Math.max(0, from), to + 1) };
}

function causeOf(
  theCase: ReplayCase,
  gap: Gap & { readonly there?: PathCause["there"] },
): PathCause {
  const { first } = gap;
  const there = gap.there ?? (first?.instead ? shownInstead(theCase, first) : "nothing");
  return {
    kind: "path",
    packets: gap.direction === "request" ? "request" : "answer",
    last: gap.last?.point?.name,
    first: gap.first?.point?.name,
    there,
    candidates: candidatesBetween(theCase, { ...gap, there }),
    collect: collectBetween(gap),
  };
}

function shownInstead({ dial }: ReplayCase, { instead, sighting }: WayPoint): PathCause["there"] {
  if (instead === undefined) return "nothing";
  const [from, to] = endsOf(instead);
  const isRequest = sighting.direction === "request";
  const { source, destination } = sighting.tuple;
  if (!samePredictedEndpoint(destination, to)) {
    const asDialled = isRequest && samePredictedEndpoint(dial.tuple.destination, to);
    return asDialled || !isRequest ? "destination not translated" : "another destination";
  }
  if (source.address === from.address) return "other";
  if (!isRequest) return "source not translated";
  return from.address === dial.tuple.source.address ? "source not translated" : "another source";
}

function endsOf({ tuple }: SeenFlow) {
  return [tuple.source, tuple.destination] as const;
}
