import type { Network } from "#expected/network/network.js";
import type { PredictedSighting } from "#expected/taps/predicted-sighting.js";
import type { WayPoint } from "./way.js";

/** What is known of the nodes beside the topology. */
export interface Given {
  readonly configured: Network | undefined;
}

/** Stretch of a way: from its last good point to the first behind it that is not. */
export interface Gap extends Given {
  readonly direction: PredictedSighting["direction"];
  readonly last: WayPoint | undefined;
  readonly first: WayPoint | undefined;
  /** Both ends included, and what lies between, captured or not. */
  readonly stretch: readonly WayPoint[];
  /** The node that shows it where it should not be. */
  readonly node?: string | undefined;
  /** Only what comes behind the handshake is lost. */
  readonly isData?: true;
}
