/**
 * The library: the parts that the program is made of. It opens no file and writes nothing; whoever
 * calls it hands in byte sources.
 */
export { trackCaptures, type CaptureFile, type CaptureInput } from "./pipeline.js";
export type { FlowsReport, TrackedPoint } from "#report/flows-report.js";

export { readAny, type AnySource } from "#observed/capture/read-any.js";
export { readCapture } from "#observed/capture/read-capture.js";
export { readCaptureStream } from "#observed/capture/read-capture-stream.js";
export type { BlockSource, ChunkSource } from "#observed/capture/byte-source.js";
export {
  CaptureRecord,
  DIRECTION,
  type Direction,
  type RecordSink,
} from "#observed/capture/record.js";
export type {
  CaptureInterface,
  CaptureProblem,
  CaptureSummary,
} from "#observed/capture/summary.js";

export { decodeRecord } from "#observed/decode/decode-record.js";
export { DecodedPacket, IpPacket, type Arp, type TunnelKind } from "#observed/decode/packet.js";
export type { DecodeStop } from "#observed/decode/stop.js";

export { FlowTracker } from "#observed/flow/tracker.js";
export type {
  Connection,
  ConnState,
  DirectionFacts,
  IcmpError,
  PacketNumbers,
  PacketReference,
  Tunnel,
} from "#observed/flow/connection.js";
export type { FlowStatistics } from "#observed/flow/statistics.js";

export { formatCapturePoint, type CapturePoint } from "#cluster/capture-point.js";
export { formatEndpoint, type Endpoint, type FiveTuple } from "#net/five-tuple.js";
export type { CaptureNs, EpochNs, Pair } from "#net/types.js";
