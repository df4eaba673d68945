import type { CaptureSummary } from "#observed/capture/summary.js";
import type { DecodeStop } from "#observed/decode/stop.js";
import type { Connection } from "#observed/flow/connection.js";

/** What `flows` tells: every capture file that was read and every connection in them. */
export interface FlowsReport {
  /** In the order they were given; the files of a rotated series by their first record. */
  readonly captures: readonly TrackedCapture[];
  /** By capture point as given, then by first packet. May be iterated more than once. */
  readonly connections: Iterable<Connection>;
}

/** One capture file after it was read. */
export interface TrackedCapture {
  /** The name of its capture point. */
  readonly point: string;
  readonly summary: CaptureSummary;
  readonly decodeStops: readonly DecodeStopCount[];
}

/** How often decoding ended early for one reason. */
export interface DecodeStopCount {
  readonly kind: DecodeStop["kind"];
  readonly layer: string;
  readonly reason: string;
  readonly packets: number;
  /** The first such packet's position in the file, from 1. */
  readonly firstPacket: number;
}
