import type { Topology } from "#cluster/topology.js";
import type { PredictedTuple } from "#expected/netfilter/predicted-tuple.js";
import type { Dial, Party } from "#expected/network/path.js";
import type { PathRow } from "#expected/scenarios/path-row.js";
import type { Journey } from "#observed/correlate/journey.js";
import type { Point } from "#verify/point.js";
import type { Sighting } from "#verify/sighting.js";
import type { Comparison } from "./compare.js";
import type { JudgedByRow } from "./judgement.js";
import type { SeenFlow } from "./seen-flow.js";

/** One conversation, what may have been dialled, and the model's path that is nearest to it. */
export interface ReplayCase {
  readonly journey: Journey;
  readonly topology: Topology;
  readonly dial: Dial;
  /** The path that explains most of what was seen. */
  readonly best: Comparison;
  /** Every path that this dial can take: the rules leave the endpoint to chance. */
  readonly branches: readonly Comparison[];
  readonly row: PathRow | undefined;
  /** Where `row` is the user's own and says what is expected. */
  readonly byRow?: JudgedByRow | undefined;
  readonly flows: readonly SeenFlow[];
  /** The same, told which way they go and how far translation has come. */
  readonly sightings: readonly Sighting[];
  readonly points: readonly Point[];
  /** Those of conversations that nothing in the captures tells from this one. */
  readonly rivals: readonly SeenFlow[];
  /** Those of every conversation of the run, for what a point is known to have seen. */
  readonly all: readonly SeenFlow[];
  readonly assumptions: readonly string[];
}

/** Where the connection is to end, as the model has it; undefined where it must not get through. */
export function receiver({ best: { path } }: ReplayCase): ReceivedEnd | undefined {
  return path.end.kind === "delivered" ? { party: path.end.to, tuple: path.end.tuple } : undefined;
}

export interface ReceivedEnd {
  readonly party: Party;
  readonly tuple: PredictedTuple;
}

/** Every endpoint that the rules may choose. */
export function endpointsOf({ branches }: ReplayCase): readonly ReceivedEnd[] {
  return branches.flatMap(({ path: { end } }) =>
    end.kind === "delivered" ? [{ party: end.to, tuple: end.tuple }] : [],
  );
}
