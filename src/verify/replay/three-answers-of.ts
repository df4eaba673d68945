/** What is intended, what is configured and what was observed of one connection, apart. */
import { formatPredictedEndpoint } from "#expected/netfilter/predicted-tuple.js";
import type { Path } from "#expected/network/path.js";
import { formatEndpoint } from "#net/five-tuple.js";
import type { ThreeAnswers } from "#verify/three-answers.js";
import { wayOf } from "./causes/way.js";
import { comparePath, distance } from "./compare.js";
import {
  isAnswered,
  isAtServer,
  isTranslated,
  requestsOf,
  strayedRequest,
  untranslatedRequest,
} from "./compared.js";
import type { FollowedPaths } from "./followed-paths.js";
import { describeParty } from "./place-words.js";
import { receiver, type ReplayCase } from "./replay-case.js";
import type { SeenFlow } from "./seen-flow.js";

export function threeAnswersOf(
  theCase: ReplayCase,
  saved: FollowedPaths | undefined,
): readonly ThreeAnswers[] {
  const intended = theCase.best.path;
  const configured = saved && savedPath(theCase, saved);
  const server = atServer(theCase);
  const led =
    strayedRequest(theCase) ?? (isTranslated(theCase) ? untranslatedRequest(theCase) : undefined);
  const shown = led ?? server;
  return [
    {
      question: "where it ends",
      intended: describeEnd(intended),
      configured: configured && describeEnd(configured),
      observed: whereSeen(theCase, { server, led }),
    },
    {
      question: "destination at the server",
      intended: destinationOf(intended),
      configured: configured && destinationOf(configured),
      observed: shown && formatEndpoint(shown.tuple.destination),
    },
    {
      question: "source at the server",
      intended: sourceOf(intended),
      configured: configured && sourceOf(configured),
      observed: shown?.tuple.source.address,
    },
  ];
}

function savedPath({ dial, flows, points }: ReplayCase, saved: FollowedPaths): Path | undefined {
  const [nearest] = saved
    .of(dial)
    .map(({ path, sightings }) => comparePath(path, sightings, { flows, points }))
    .sort((a, b) => distance(a) - distance(b));
  return nearest?.path;
}

/** The request as its server got it, whatever was rewritten. */
function atServer(theCase: ReplayCase): SeenFlow | undefined {
  const arrived = wayOf(theCase, "request").find(
    ({ isAtEnd, shows }) => isAtEnd && shows !== "nothing" && shows !== "unknown",
  );
  const found = requestsOf(theCase).find(
    (compared) => compared.flow.point === arrived?.point && isAtServer(theCase, compared),
  );
  return found?.flow;
}

interface Seen {
  readonly server: SeenFlow | undefined;
  readonly led: SeenFlow | undefined;
}

function whereSeen(theCase: ReplayCase, { server, led }: Seen): string | undefined {
  if (led) return `seen at ${led.point.name}`;
  const end = receiver(theCase);
  // On its node's interface it has not passed the node's INPUT yet.
  if (server && end?.party.kind === "node" && !isAnswered(theCase))
    return `seen at ${server.point.name}`;
  if (server && end) return describeParty(end.party);
  const last = wayOf(theCase, "request").findLast(({ shows }) => shows === "as foretold");
  return last?.point && `last seen at ${last.point.name}`;
}

function describeEnd({ end }: Path): string {
  if (end.kind === "delivered") return describeParty(end.to);
  return `${end.kind === "unknown" ? "not known" : end.kind} on ${end.namespace.name}`;
}

const NOWHERE = "none";

function destinationOf({ end }: Path): string {
  return end.kind === "delivered" ? formatPredictedEndpoint(end.tuple.destination) : NOWHERE;
}

/** Without its port, which masquerading may draw at random. */
function sourceOf({ end }: Path): string {
  return end.kind === "delivered" ? end.tuple.source.address : NOWHERE;
}
