/** Which of the model's paths a conversation took, and to which scenario that belongs. */
import type { Network } from "#expected/network/network.js";
import { followPaths } from "#expected/network/follow.js";
import type { Dial, Path } from "#expected/network/path.js";
import { scenarioOf, type Classified } from "#expected/scenarios/classify.js";
import { predictedSightings } from "#expected/taps/predicted-sightings.js";
import type { Point } from "#verify/point.js";
import { candidateDials } from "./candidates.js";
import { comparePath, distance, type Comparison } from "./compare.js";
import type { SeenFlow } from "./seen-flow.js";

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
}

interface Seen {
  readonly flows: readonly SeenFlow[];
  readonly points: readonly Point[];
}

/** Undefined when nothing that the topology allows has to do with the conversation. */
export function judge(network: Network, seen: Seen): Judgement | undefined {
  const { dials, seenAt } = candidateDials(network, seen.flows);
  const options = dials.flatMap((dial) =>
    pathsOf(network, dial).map((path): Option => {
      const comparison = comparePath(path, predictedSightings(network, path), seen);
      return { dial, comparison, classified: scenarioOf(network, path) };
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
  };
}

function pathsOf(network: Network, dial: Dial): readonly Path[] {
  return followPaths(network, dial);
}
