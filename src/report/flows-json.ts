import { formatCapturePoint } from "#cluster/capture-point.js";
import type { EpochNs } from "#net/types.js";
import type { Connection, DirectionFacts, IcmpError, Tunnel } from "#observed/flow/connection.js";
import { describeTime } from "./describe-time.js";
import type { FlowsReport, ListedConnection, TrackedPoint } from "./flows-report.js";
import type { FlowsCapture, FlowsConnection } from "./flows-schema.js";
import {
  each,
  indented,
  jsonWriter,
  ONE_LINE,
  orNull,
  part,
  type JsonShape,
} from "./json-writer.js";
import { sanitizeJson } from "./sanitize.js";

const SCHEMA = "pcapcheck.flows/v1";

/** One document, indented by two, a chunk per connection so that no text of all of them exists. */
export function* flowsJson({ points, connections }: FlowsReport): Generator<string> {
  const captures = sanitizeJson(JSON.stringify(points.flatMap(capturesJson), null, 2));
  yield `{\n  "schema": "${SCHEMA}",\n  "captures": ${captures.replaceAll("\n", "\n  ")},\n`;
  yield `  "connections": `;
  const write = jsonWriter<ListedConnection, FlowsConnection>(CONNECTION, indented(2));
  let opened = false;
  for (const connection of connections) {
    yield `${opened ? "," : "["}\n    ${write(connection)}`;
    opened = true;
  }
  yield opened ? "\n  ]\n}\n" : "[]\n}\n";
}

/** One line per capture file, then one per connection. */
export function* flowsJsonLines({ points, connections }: FlowsReport): Generator<string> {
  for (const capture of points.flatMap(capturesJson)) {
    yield `${sanitizeJson(JSON.stringify({ schema: SCHEMA, capture }))}\n`;
  }
  const write = jsonWriter<ListedConnection, FlowsConnection>(CONNECTION, ONE_LINE);
  for (const connection of connections) yield `{"connection":${write(connection)}}\n`;
}

function capturesJson({ name, captures, statistics }: TrackedPoint): FlowsCapture[] {
  return captures.map((capture) => ({
    file: capture.file,
    point: name,
    format: capture.format ?? null,
    compression: capture.compression ?? null,
    records: capture.records,
    snappedRecords: capture.snappedRecords,
    truncated: capture.truncated,
    first: timeJson(capture.firstTime),
    last: timeJson(capture.lastTime),
    interfaces: capture.interfaces.map(({ name, description, linktype, snaplen, dropped }) => ({
      name: name ?? null,
      description: description ?? null,
      linktype,
      snaplen,
      dropped: dropped ?? null,
    })),
    problems: capture.problems.map(({ kind, offset, message }) => ({ kind, offset, message })),
    decodeStops: statistics.stops
      .filter(({ first }) => first.file === capture.file)
      .map(({ kind, layer, reason, packets, first }) => {
        return { kind, layer, reason, packets, firstPacket: first.packet };
      }),
  }));
}

function timeJson(time: EpochNs | undefined): string | null {
  return time === undefined ? null : (describeTime(time) ?? null);
}

const TUNNEL = part<Tunnel, FlowsConnection["tunnels"][number]>({
  kind: ({ kind }) => kind,
  id: ({ id }) => id,
  source: ({ source }) => source,
  destination: ({ destination }) => destination,
});

const SYN_OPTIONS = part<DirectionFacts, NonNullable<FlowsConnection["synOptions"][0]>>({
  hash: ({ synOptionsHash = 0 }) => synOptionsHash,
  mss: ({ mss = null }) => mss,
  windowScale: ({ windowScale = null }) => windowScale,
});

const TTL = part<NonNullable<DirectionFacts["ttl"]>, NonNullable<FlowsConnection["ttl"][0]>>({
  min: ({ min }) => min,
  max: ({ max }) => max,
});

const FIRST_PAYLOAD = part<DirectionFacts, NonNullable<FlowsConnection["firstPayload"][0]>>({
  hash: ({ firstPayloadHash = 0 }) => firstPayloadHash,
  length: ({ firstPayloadLength = null }) => firstPayloadLength,
});

const ICMP_ERROR = part<IcmpError, FlowsConnection["icmpErrors"][number]>({
  type: ({ type }) => type,
  code: ({ code }) => code,
  from: ({ from }) => from,
  packet: ({ packet }) => packet.packet,
  file: ({ packet }) => packet.file,
});

const FILE = part<string, string>((file) => file);

const CONNECTION: JsonShape<ListedConnection, FlowsConnection> = {
  point: ({ point }) => formatCapturePoint(point),
  files: each(({ files }) => files, FILE),
  protocol: ({ protocol }) => protocol,
  originator: {
    address: ({ originator }) => originator.address,
    port: ({ originator }) => originator.port,
  },
  responder: {
    address: ({ responder }) => responder.address,
    port: ({ responder }) => responder.port,
  },
  packets: [({ packets }) => packets[0], ({ packets }) => packets[1]],
  frameBytes: [({ frameBytes }) => frameBytes[0], ({ frameBytes }) => frameBytes[1]],
  payloadBytes: [({ payloadBytes }) => payloadBytes[0], ({ payloadBytes }) => payloadBytes[1]],
  first: ({ first }) => describeTime(first) ?? null,
  last: ({ last }) => describeTime(last) ?? null,
  state: ({ state }) => state,
  history: ({ history }) => history,
  communityId: ({ communityId }) => communityId,
  tunnels: each(({ tunnels }) => tunnels, TUNNEL),
  packetNumbers: {
    first: ({ packetNumbers }) => packetNumbers.first.packet,
    last: ({ packetNumbers }) => packetNumbers.last.packet,
    originatorFirst: ({ packetNumbers }) => packetNumbers.originatorFirst?.packet ?? null,
    responderFirst: ({ packetNumbers }) => packetNumbers.responderFirst?.packet ?? null,
    syn: ({ packetNumbers }) => packetNumbers.syn?.packet ?? null,
    synAck: ({ packetNumbers }) => packetNumbers.synAck?.packet ?? null,
    reset: ({ packetNumbers }) => packetNumbers.reset?.packet ?? null,
  },
  packetFiles: {
    first: ({ packetNumbers }) => packetNumbers.first.file,
    last: ({ packetNumbers }) => packetNumbers.last.file,
    originatorFirst: ({ packetNumbers }) => packetNumbers.originatorFirst?.file ?? null,
    responderFirst: ({ packetNumbers }) => packetNumbers.responderFirst?.file ?? null,
    syn: ({ packetNumbers }) => packetNumbers.syn?.file ?? null,
    synAck: ({ packetNumbers }) => packetNumbers.synAck?.file ?? null,
    reset: ({ packetNumbers }) => packetNumbers.reset?.file ?? null,
  },
  isn: eachWay(({ isn = null }) => isn),
  syns: eachWay(({ syns }) => syns),
  synOptions: [
    orNull(({ directions }) => withSynOptions(directions[0]), SYN_OPTIONS),
    orNull(({ directions }) => withSynOptions(directions[1]), SYN_OPTIONS),
  ],
  ttl: [
    orNull(({ directions }) => directions[0].ttl, TTL),
    orNull(({ directions }) => directions[1].ttl, TTL),
  ],
  retransmissions: eachWay(({ retransmissions }) => retransmissions),
  copies: eachWay(({ copies }) => copies),
  resets: eachWay(({ resets }) => resets),
  zeroWindows: eachWay(({ zeroWindows }) => zeroWindows),
  firstIpId: eachWay(({ firstIpId = -1 }) => (firstIpId < 0 ? null : firstIpId)),
  firstPayload: [
    orNull(({ directions }) => withPayload(directions[0]), FIRST_PAYLOAD),
    orNull(({ directions }) => withPayload(directions[1]), FIRST_PAYLOAD),
  ],
  journey: ({ journey = null }) => journey,
  icmpErrors: each(({ icmpErrors }) => icmpErrors, ICMP_ERROR),
};

function eachWay<Value extends number | null>(
  value: (facts: DirectionFacts) => Value,
): readonly [(connection: Connection) => Value, (connection: Connection) => Value] {
  return [({ directions }) => value(directions[0]), ({ directions }) => value(directions[1])];
}

function withSynOptions(facts: DirectionFacts): DirectionFacts | undefined {
  return facts.synOptionsHash === undefined ? undefined : facts;
}

function withPayload(facts: DirectionFacts): DirectionFacts | undefined {
  return facts.firstPayloadHash === undefined ? undefined : facts;
}
