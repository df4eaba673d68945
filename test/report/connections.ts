/** Hand-made connections. */
import { epochNs } from "#net/types.js";
import type { Connection, DirectionFacts } from "#observed/flow/connection.js";
import type { CaptureSummary } from "#observed/capture/summary.js";
import type { TrackedPoint } from "#report/flows-report.js";

/** 2026-11-21T09:10:11Z. */
export const START = 1_795_252_211_000_000_000n;

export const FACTS: DirectionFacts = {
  isn: undefined,
  synOptionsHash: undefined,
  mss: undefined,
  windowScale: undefined,
  syns: 0,
  ttl: undefined,
  retransmissions: 0,
  copies: 0,
  resets: 0,
  zeroWindows: 0,
  firstIpId: undefined,
  firstPayloadHash: undefined,
  firstPayloadLength: undefined,
};

const reference = (packet: number) => ({ file: "captures/pod.pcap", packet });

/** 203.0.113.7:48824 > 10.233.1.5:8080, three-way handshake, request, answer, both FINs. */
export function connection(changes: Partial<Connection> = {}): Connection {
  return {
    point: { name: "pod:web", interface: undefined, direction: undefined },
    files: ["captures/pod.pcap"],
    protocol: "tcp",
    originator: { address: "203.0.113.7", port: 48824 },
    responder: { address: "10.233.1.5", port: 8080 },
    packets: [6, 4],
    frameBytes: [478, 612],
    payloadBytes: [74, 340],
    first: epochNs(START + 123_456_789n),
    last: epochNs(START + 135_801_789n),
    state: "SF",
    history: "ShADadFf",
    communityId: "1:wCb3OG7yAFWelaUydu0D+125CLM=",
    tunnels: [],
    directions: [
      {
        ...FACTS,
        isn: 1_000_000_001,
        synOptionsHash: 77,
        mss: 1460,
        windowScale: 7,
        syns: 1,
        ttl: { min: 63, max: 63 },
        firstIpId: 4660,
        firstPayloadHash: 99,
        firstPayloadLength: 74,
      },
      { ...FACTS, isn: 4_294_967_295, synOptionsHash: 78, syns: 1, ttl: { min: 64, max: 64 } },
    ],
    icmpErrors: [],
    packetNumbers: {
      first: reference(1),
      last: reference(10),
      originatorFirst: reference(1),
      responderFirst: reference(2),
      syn: reference(1),
      synAck: reference(2),
      reset: undefined,
    },
    ...changes,
  };
}

/** A SYN repeated three times that nobody answers, and ICMP that says why. */
export function unanswered(): Connection {
  return connection({
    originator: { address: "2001:db8::7", port: 48825 },
    responder: { address: "2001:db8:0:1::10", port: 9000 },
    packets: [4, 0],
    frameBytes: [376, 0],
    payloadBytes: [0, 0],
    last: epochNs(START + 7_123_456_789n),
    state: "S0",
    history: "S",
    directions: [
      {
        ...FACTS,
        isn: 5,
        synOptionsHash: 6,
        syns: 4,
        retransmissions: 3,
        ttl: { min: 63, max: 64 },
      },
      FACTS,
    ],
    icmpErrors: [3, 5].map((packet) => ({
      type: 1,
      code: 3,
      from: "2001:db8:0:1::1",
      packet: reference(packet),
    })),
    packetNumbers: {
      first: reference(11),
      last: reference(14),
      originatorFirst: reference(11),
      responderFirst: undefined,
      syn: reference(11),
      synAck: undefined,
      reset: undefined,
    },
  });
}

/** An echo through a VXLAN tunnel, at one interface of several. */
export function ping(): Connection {
  return connection({
    point: { name: "node1/any", interface: "flannel.1", direction: "in" },
    protocol: "icmp",
    originator: { address: "10.233.1.5", port: 8 },
    responder: { address: "10.233.2.6", port: 0 },
    state: "OTH",
    history: "Dd",
    tunnels: [{ kind: "vxlan", id: 1, source: "192.168.0.1", destination: "192.168.0.2" }],
    directions: [
      { ...FACTS, copies: 2 },
      { ...FACTS, resets: 0, zeroWindows: 1 },
    ],
  });
}

export const SUMMARY: CaptureSummary = {
  file: "captures/pod.pcap",
  format: "pcap",
  compression: undefined,
  records: 14,
  truncated: true,
  baseTime: epochNs(START + 123_456_789n),
  firstTime: epochNs(START + 123_456_789n),
  lastTime: epochNs(START + 7_123_456_789n),
  interfaces: [
    { linktype: 1, snaplen: 262_144, name: undefined, description: undefined, dropped: 3 },
  ],
  farthestBackNs: 0,
  snappedRecords: 0,
  problems: [
    { kind: "truncated", offset: 1400, message: "record 15 ends 22 bytes early; 14 packets read" },
  ],
};

export const POINT: TrackedPoint = {
  name: "pod:web",
  captures: [SUMMARY],
  connections: 3,
  statistics: {
    records: 14,
    withoutIp: 2,
    withoutPorts: 0,
    overflow: 0,
    fragmentsWithoutFirst: 0,
    stops: [
      {
        kind: "unsupported",
        layer: "EtherType",
        reason: "EtherType 0x88cc (LLDP)",
        packets: 2,
        first: reference(9),
      },
    ],
    otherStops: 0,
    arp: { requests: 0, replies: 0, unanswered: [] },
  },
};
