/**
 * The library: the parts that the program is made of. It opens no file and writes nothing; whoever
 * calls it hands in byte sources.
 */
export {
  joinCaptures,
  loadTopology,
  trackCaptures,
  verifyCaptures,
  type CaptureFile,
  type CaptureInput,
  type Expectation,
  type TrackedCaptures,
} from "./pipeline.js";
/** Connections of several capture points to journeys; the same that `verifyCaptures` judges. */
export { joinConnections, type JoinOptions } from "#observed/correlate/join.js";
export type { Journey, JoinScore } from "#observed/correlate/journey.js";
/** Every capture point's clock against one of them, and journeys with times of that one. */
export { estimateClocks } from "#observed/correlate/estimate-clocks.js";
export type { ClockEvidence } from "#observed/correlate/clock-evidence.js";
export type { ClockBasis, ClockEstimate, Clocks } from "#observed/correlate/clocks.js";
export { alignJourneys } from "#observed/correlate/align-clocks.js";
export type { HopLatency, Latency, Wait } from "#observed/correlate/latency.js";
/** What `doctor` says of captures: what their silence proves, and how to capture better. */
export { judgeCaptures, type CaptureJudgement } from "#observed/coverage/capture-judgement.js";
/** A table or events of conntrack, as the text that `conntrack -L` and `-E` print. */
export { readConntrack, type ConntrackText } from "#observed/conntrack/read-conntrack.js";
export type { ConntrackEntry } from "#observed/conntrack/conntrack-entry.js";
export type { TopologyError, TopologyText } from "#cluster/topology-file.js";
export { SCENARIOS, findScenario } from "#expected/scenarios/index.js";
export type { Scenario } from "#expected/scenarios/scenario.js";
export { traverse } from "#expected/netfilter/traverse.js";
export { replyTo } from "#expected/netfilter/reply.js";
export {
  formatPredictedTuple,
  isPredicted,
  type PredictedTuple,
} from "#expected/netfilter/predicted-tuple.js";
export type { NodeState } from "#expected/netfilter/node-state.js";
export type { PacketInput } from "#expected/netfilter/packet.js";
export type { Rule, RuleOwner, Ruleset } from "#expected/netfilter/rule.js";
export type { Disposition, Step, Trace } from "#expected/netfilter/trace.js";
export { readIptablesSave } from "#expected/rulesets/iptables-save.js";
export { readIpsetSave } from "#expected/rulesets/ipset-save.js";
export { readIpvsadmSave } from "#expected/rulesets/ipvsadm-save.js";
export { CURRENT_PORTMAP, portmapBehaviour } from "#expected/rulesets/portmap.js";
export type { PortmapBehaviour } from "#expected/rulesets/portmap.js";
export type { HostInterface, Route } from "#cluster/host.js";
export { readSysctls } from "#cluster/sysctl-text.js";
export type { GivenFacts } from "#cluster/facts.js";
export type { Topology } from "#cluster/topology.js";
/** What a failure comes from. */
export type { Attribution } from "#verify/attribution.js";
export type { EarlierRules, NodeStates } from "#verify/verify-input.js";
export type { Check, ConnectionReport, Finding, Report, Verdict } from "#verify/report.js";
export type { FlowsReport, ListedConnection, TrackedPoint } from "#report/flows-report.js";

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

export { FlowTracker, type FlowFacts, type FlowOptions } from "#observed/flow/tracker.js";
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
