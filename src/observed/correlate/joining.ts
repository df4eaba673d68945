import type { ConntrackFlows } from "./conntrack-flows.js";
import type { Groups } from "./groups.js";
import type { Handshakes } from "./handshakes.js";
import type { Legs } from "./legs.js";
import type { SequenceRanges } from "./sequence-ranges.js";

/** What every stage of the joining reads, and the groups that it leaves behind. Legs are numbers into `connections`. */
export interface Joining {
  readonly connections: Legs;
  readonly handshakes: Handshakes;
  readonly ranges: SequenceRanges;
  readonly conntrack: ConntrackFlows;
  readonly groups: Groups;
}

/** Two legs that may be one conversation, for what is not theirs alone. */
export interface Candidate {
  readonly legs: readonly [number, number];
  /** Equal packets that both show. */
  readonly packets: number;
  /** The second leg is of one conversation only, wherever the others were seen. */
  readonly isOneOfThese?: boolean;
}

/** More conversations that one leg may be of are not told apart: it stays alone. */
export const MAX_CANDIDATES = 16;
