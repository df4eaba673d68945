import type { Pair } from "#net/types.js";
import type { Connection, SequenceRange } from "#observed/flow/connection.js";
import type { Handshakes } from "./handshakes.js";

/**
 * The connections that are to be joined, each by its number: a leg. They are in order (`inOrder`). What
 * most are joined by stands in columns, so that a million of them need no object each.
 */
export interface Legs {
  readonly length: number;
  readonly handshakes: Handshakes;
  /** Equal legs are equal numbers: the object may be another each time. */
  at(leg: number): Connection | undefined;
  /** Of a TCP connection; as `DirectionFacts.sequence`. */
  sequences(leg: number): Pair<SequenceRange | undefined>;
}
