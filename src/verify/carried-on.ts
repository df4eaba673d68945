import type { Topology } from "#cluster/topology.js";
import type { Journey } from "#observed/correlate/journey.js";
import { proxiedPairs } from "#observed/correlate/proxied.js";
import { oneHost } from "./proxy-host.js";

/** A connection that a proxy ended, and the one it dialled for it: two connections, so no NAT joins them. */
export interface CarriedOn {
  /** Id of what the proxy took. */
  readonly connection: string;
  /** Id of what it dialled. */
  readonly by: string;
  /** What shows it. */
  readonly evidence: readonly string[];
  /** 0 to 1. */
  readonly score: number;
  /** Of the best other candidate of either; 0 when there is none. */
  readonly runnerUp: number;
}

/** In the order of the connections. */
export function carriedOn(
  journeys: readonly Journey[],
  topology: Topology | undefined,
): readonly CarriedOn[] {
  return proxiedPairs(journeys, oneHost(topology)).map(({ first, second, ...rest }) => ({
    connection: first.id,
    by: second.id,
    evidence: rest.evidence,
    score: rest.score,
    runnerUp: rest.runnerUp,
  }));
}
