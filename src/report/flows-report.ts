import type { CaptureSummary } from "#observed/capture/summary.js";
import type { PacketCounts } from "#observed/coverage/packet-tally.js";
import type { Connection } from "#observed/flow/connection.js";
import type { FlowStatistics } from "#observed/flow/statistics.js";

/** What `flows` tells: every capture point that was read and every connection seen there. */
export interface FlowsReport {
  /** In the order they were given. */
  readonly points: readonly TrackedPoint[];
  /** By capture point as given, then by first packet. May be iterated more than once. */
  readonly connections: Iterable<ListedConnection>;
  /** Each connection has a journey. */
  readonly isJoined?: boolean;
}

export interface ListedConnection extends Connection {
  /** Id of the conversation that it is one sighting of, over all capture points. */
  readonly journey?: string;
}

/** The capture files of one capture point after they were read. */
export interface TrackedPoint {
  readonly name: string;
  /** By their first record. */
  readonly captures: readonly CaptureSummary[];
  /** How many there are, for who need not see each. */
  readonly connections: number;
  /** Over all files. */
  readonly statistics: FlowStatistics;
  /** Over single packets; undefined where nobody asked for it. */
  readonly packets?: PacketCounts | undefined;
}
