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
}
