/** Which of the model's paths a conversation took, and to which scenario that belongs. */
import type { Network } from "#expected/network/network.js";
import type { Dial } from "#expected/network/path.js";
import type { Classified } from "#expected/scenarios/classify.js";
import type { Point } from "#verify/point.js";
import { candidateDials } from "./candidates.js";
import { comparePath, distance, explainsAll, type Comparison } from "./compare.js";
import type { FollowedPaths } from "./followed-paths.js";
import { isDirectionKnown, type SeenFlow } from "./seen-flow.js";

/** One path that a conversation may have taken. */
export interface Option {
  readonly dial: Dial;
  readonly comparison: Comparison;
  readonly classified: Classified | undefined;
}

export interface Judgement {
  /** Those that explain as much as the best one does; more than one leaves a choice. */
  readonly nearest: readonly [Option, ...(readonly Option[])];
  /** Every path of the best one's dial. */
  readonly branches: readonly Comparison[];
  /** True when a capture shows the connection as it was dialled. */
  readonly isDialSeen: boolean;
  /** True when a capture shows it as it came to the node that handles it. */
  readonly isArrivalSeen: boolean;
}

/** A cluster, and what has been walked of it. */
export interface Model {
  readonly network: Network;
  readonly followed: FollowedPaths;
}

interface Seen {
  readonly flows: readonly SeenFlow[];
  readonly points: readonly Point[];
}

/** Undefined when nothing that the topology allows has to do with the conversation. */
export function judge(model: Model, seen: Seen): Judgement | undefined {
  const first = judgeBy(model, { ...seen, side: 0 });
  const isSure = seen.flows.some(({ connection }) => isDirectionKnown(connection));
  if (isSure || (first && explainsAll(first.nearest[0].comparison))) return first;
  // Nothing shows who dialled: whoever was seen first may be the one who answers.
  const other = judgeBy(model, { ...seen, side: 1 });
  return other && (!first || distanceOf(other) < distanceOf(first)) ? other : first;
}

const distanceOf = ({ nearest: [best] }: Judgement): number => distance(best.comparison);

interface Guess extends Seen {
  readonly side: 0 | 1;
}

function judgeBy({ network, followed }: Model, seen: Guess): Judgement | undefined {
  const { dials, seenAt, isArrivalSeen } = candidateDials(network, seen);
  const options = dials.flatMap((dial) =>
    followed.of(dial).map(({ path, sightings, classified }): Option => {
      return { dial, comparison: comparePath(path, sightings, seen), classified };
    }),
  );
  const ranked = options
    .map((option) => ({ option, far: distance(option.comparison) }))
    .sort((a, b) => a.far - b.far);
  const [best] = ranked;
  if (!best) return undefined;
  const [first = best.option, ...rest] = ranked
    .filter(({ far }) => far === best.far)
    .map(({ option }) => option);
  return {
    nearest: [first, ...rest],
    branches: options.filter(({ dial }) => dial === first.dial).map(({ comparison }) => comparison),
    isDialSeen: seenAt !== undefined,
    isArrivalSeen,
  };
}
