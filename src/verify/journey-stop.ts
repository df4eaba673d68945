/**
 * A connection's journey as a report tells it: one stop per capture point and direction, in path order;
 * two where a packet passes a point twice, as a bridge before and behind translation.
 */
import type { RuleOwner } from "#expected/netfilter/rule.js";
import type { Endpoint } from "#net/five-tuple.js";
import type { EpochNs } from "#net/types.js";
import type { PacketReference } from "#observed/flow/connection.js";

/** Requests from the client to the server first, then the replies back. */
export interface JourneyStop {
  readonly point: string;
  readonly direction: "request" | "reply";
  readonly outcome: StopOutcome;
  /** Undefined where neither a row nor the model says what is to be seen here. */
  readonly expected: ExpectedHere | undefined;
  /** Undefined where the point does not show it. */
  readonly observed: ObservedHere | undefined;
  /** A clause; undefined where the outcome says it all. */
  readonly why: string | undefined;
  /** What should have rewritten it since the stop before, in the order that a packet meets it. */
  readonly rewrites: readonly Rewrite[];
}

/**
 * `missing` must be seen and was not; `not seen` is absence that proves nothing; `stray` was seen
 * where, or as, nothing foretold it; `unjudged` is a point of which nobody knows what it shows.
 */
export type StopOutcome = "as expected" | "differs" | "missing" | "not seen" | "stray" | "unjudged";

export interface ExpectedHere {
  /** `10.233.1.0:*`, where any port will do. */
  readonly source: string;
  readonly destination: string;
  readonly seen: "must" | "may" | "never";
}

export interface ObservedHere {
  readonly source: Endpoint;
  readonly destination: Endpoint;
  readonly ttl: number | undefined;
  readonly packets: number;
  /** Of its first packet here, by the clock of the run's reference capture. */
  readonly first: EpochNs | undefined;
  readonly evidence: PacketReference;
}

/** One rule that gives a packet another source or destination. */
export interface Rewrite {
  /** `node1`, `pod p1a`. */
  readonly at: string;
  readonly table: string;
  readonly chain: string;
  readonly owner: RuleOwner;
  /** As `iptables-save` writes it, or as the scenario's row describes it. */
  readonly text: string;
  /** Of a node's saved rules; undefined for rules that were written for the topology, and for a row's. */
  readonly file: string | undefined;
  /** From 1; undefined as `file` is. */
  readonly line: number | undefined;
  /** `198.51.100.79:41001 > 10.20.32.204:9000`. */
  readonly before: string;
  readonly after: string;
}
