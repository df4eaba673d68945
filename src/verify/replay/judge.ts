/** Which of the model's paths a conversation took, and to which scenario that belongs. */
import type { Network } from "#expected/network/network.js";
import type { Dial } from "#expected/network/path.js";
import type { ConntrackOfRun } from "#verify/dialled.js";
import type { Point } from "#verify/point.js";
import { candidateDials, isServed } from "./candidates.js";
import { comparePath, explainsAll } from "./compare.js";
import type { Followed, FollowedPaths } from "./followed-paths.js";
import { branchesOf, farness, nearestOf, type Judgement, type Option } from "./judgement.js";
import { withDialled } from "./with-dialled.js";
import { saidOf } from "./said-of.js";
import { isDirectionKnown } from "./is-direction-known.js";
import type { SeenFlow } from "./seen-flow.js";

/** A cluster, and what has been walked of it. */
export interface Model {
  readonly network: Network;
  readonly followed: FollowedPaths;
}

interface Seen {
  readonly flows: readonly SeenFlow[];
  readonly points: readonly Point[];
  /** Undefined when no table was given. */
  readonly conntrack: ConntrackOfRun | undefined;
}

/** Undefined when nothing that the topology allows has to do with the conversation. */
export function judge(model: Model, seen: Seen): Judgement | undefined {
  const first = judgeBy(model, { ...seen, side: 0 });
  const isSure = seen.flows.some(({ connection }) => isDirectionKnown(connection));
  if (isSure) return first;
  // Nothing shows who dialled: whoever was seen first may be the one who answers.
  const isForward = isServed(model.network, { ...seen, side: 0 });
  const isBackward = isServed(model.network, { ...seen, side: 1 });
  const isAnswer = isBackward && !isForward;
  // What is broken may look more like a dial of the server's own, which nothing serves.
  const isAsked = isForward && !isBackward;
  if (first && (isAsked || (!isAnswer && explainsAll(first.nearest[0].comparison)))) return first;
  const other = judgeBy(model, { ...seen, side: 1 });
  return other && (isAnswer || !first || distanceOf(other) < distanceOf(first)) ? other : first;
}

const distanceOf = ({ nearest: [best] }: Judgement): number => farness(best);

interface Guess extends Seen {
  readonly side: 0 | 1;
}

function judgeBy({ network, followed }: Model, seen: Guess): Judgement | undefined {
  const { dials, seenAt, isArrivalSeen } = candidateDials(network, seen);
  const optionsOf = (dial: Dial): readonly Option[] =>
    followed.of(dial).map((one) => optionOf(dial, one, seen));
  const options = dials.flatMap(optionsOf);
  const nearest = nearestOf(options);
  if (!nearest) return undefined;
  const isDialSeen = seenAt !== undefined;
  const branches = branchesOf(options, nearest);
  const judgement = { nearest, branches, isDialSeen, isArrivalSeen };
  if (isDialSeen || !seen.conntrack) return judgement;
  const found = { network, conntrack: seen.conntrack, flows: seen.flows };
  return withDialled(judgement, { ...found, options, optionsOf });
}

function optionOf(
  dial: Dial,
  { path, sightings, classified, byRow }: Followed,
  seen: Seen,
): Option {
  if (!byRow) return { dial, comparison: comparePath(path, sightings, seen), classified };
  const { model, expectation } = byRow;
  return {
    dial,
    comparison: comparePath(path, sightings, saidOf(expectation, seen)),
    classified,
    byRow: { ...byRow, model: comparePath(model.path, model.sightings, seen) },
  };
}
