import type { Connection } from "#observed/flow/connection.js";

/** One conversation at every capture point that showed it, under whatever tuple. */
export interface Journey {
  /** `c1`, `c2`, … in the order of first packets; the same for the same captures. */
  readonly id: string;
  readonly protocol: string;
  /** In the order of their first packets. */
  readonly connections: readonly Connection[];
  /** Why the connections are one: what survived NAT. Undefined when there is only one. */
  readonly joinedBy: string | undefined;
  /** How well its weakest connection fits the others; undefined when there is only one. */
  readonly join?: JoinScore | undefined;
  /** Ids of others that may be this conversation: nothing in the captures tells them apart. */
  readonly ambiguousWith?: readonly string[];
}

export interface JoinScore {
  /** 0 to 1; 1 is what names a conversation: both initial sequence numbers, a conntrack entry. */
  readonly score: number;
  /** Of the best conversation that it was not joined to; 0 when there is none. */
  readonly runnerUp: number;
}
