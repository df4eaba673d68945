import type { Journey } from "./journey.js";

/** What clocks are estimated from. */
export interface ClockEvidence {
  /** Joined by what is not their time. */
  readonly journeys: readonly Journey[];
  /** Names of every capture point. */
  readonly points: readonly string[];
  /** The machine whose kernel stamped a point's packets; undefined where nobody says. */
  readonly hostOf: (point: string) => string | undefined;
  /** What proxies carry on; asked for only where packets leave points apart. */
  readonly relays?: () => readonly Relay[];
}

/** What a proxy took, and what it dialled for it: two connections, told by what is not their time. */
export interface Relay {
  readonly first: Journey;
  readonly second: Journey;
}
