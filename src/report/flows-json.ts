import { formatCapturePoint } from "#cluster/capture-point.js";
import type { EpochNs, Pair } from "#net/types.js";
import type {
  Connection,
  DirectionFacts,
  PacketNumbers,
  PacketReference,
} from "#observed/flow/connection.js";
import { describeTime } from "./describe-time.js";
import type { FlowsReport, TrackedPoint } from "./flows-report.js";
import type { FlowsCapture, FlowsConnection } from "./flows-schema.js";
import { sanitizeJson } from "./sanitize.js";

const SCHEMA = "pcapcheck.flows/v1";

/** One document, indented by two, a chunk per connection so that no text of all of them exists. */
export function* flowsJson({ points, connections }: FlowsReport): Generator<string> {
  yield `{\n  "schema": "${SCHEMA}",\n  "captures": `;
  yield* jsonArray(points.flatMap(capturesJson), (capture) => capture);
  yield `,\n  "connections": `;
  yield* jsonArray(connections, connectionJson);
  yield "\n}\n";
}

/** One line per capture file, then one per connection. */
export function* flowsJsonLines({ points, connections }: FlowsReport): Generator<string> {
  for (const capture of points.flatMap(capturesJson)) {
    yield `${sanitizeJson(JSON.stringify({ schema: SCHEMA, capture }))}\n`;
  }
  for (const connection of connections) {
    yield `${sanitizeJson(JSON.stringify({ connection: connectionJson(connection) }))}\n`;
  }
}

/** Byte for byte what `JSON.stringify` writes for an array one level deep. */
function* jsonArray<Value>(
  values: Iterable<Value>,
  toJson: (value: Value) => object,
): Generator<string> {
  let opened = false;
  for (const value of values) {
    const text = sanitizeJson(JSON.stringify(toJson(value), null, 2)).replaceAll("\n", "\n    ");
    yield `${opened ? "," : "["}\n    ${text}`;
    opened = true;
  }
  yield opened ? "\n  ]" : "[]";
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

function connectionJson(connection: Connection): FlowsConnection {
  const { originator, responder, directions, packetNumbers } = connection;
  return {
    point: formatCapturePoint(connection.point),
    files: [...connection.files],
    protocol: connection.protocol,
    originator: { address: originator.address, port: originator.port },
    responder: { address: responder.address, port: responder.port },
    packets: [...connection.packets],
    frameBytes: [...connection.frameBytes],
    payloadBytes: [...connection.payloadBytes],
    first: timeJson(connection.first),
    last: timeJson(connection.last),
    state: connection.state,
    history: connection.history,
    communityId: connection.communityId,
    tunnels: connection.tunnels.map(({ kind, id, source, destination }) => ({
      kind,
      id,
      source,
      destination,
    })),
    packetNumbers: mapCitable(packetNumbers, ({ packet }) => packet),
    packetFiles: mapCitable(packetNumbers, ({ file }) => file),
    isn: mapPair(directions, ({ isn }) => isn ?? null),
    syns: mapPair(directions, ({ syns }) => syns),
    synOptions: mapPair(directions, synOptionsJson),
    ttl: mapPair(directions, ({ ttl }) => (ttl ? { min: ttl.min, max: ttl.max } : null)),
    retransmissions: mapPair(directions, ({ retransmissions }) => retransmissions),
    copies: mapPair(directions, ({ copies }) => copies),
    resets: mapPair(directions, ({ resets }) => resets),
    zeroWindows: mapPair(directions, ({ zeroWindows }) => zeroWindows),
    firstIpId: mapPair(directions, ({ firstIpId = -1 }) => (firstIpId < 0 ? null : firstIpId)),
    firstPayload: mapPair(directions, firstPayloadJson),
    icmpErrors: connection.icmpErrors.map(({ type, code, from, packet }) => ({
      type,
      code,
      from,
      packet: packet.packet,
      file: packet.file,
    })),
  };
}

function synOptionsJson({ synOptionsHash, mss, windowScale }: DirectionFacts) {
  if (synOptionsHash === undefined) return null;
  return { hash: synOptionsHash, mss: mss ?? null, windowScale: windowScale ?? null };
}

function firstPayloadJson({ firstPayloadHash, firstPayloadLength }: DirectionFacts) {
  if (firstPayloadHash === undefined) return null;
  return { hash: firstPayloadHash, length: firstPayloadLength ?? null };
}

function mapPair<From, To>(
  [originator, responder]: Pair<From>,
  map: (value: From) => To,
): [To, To] {
  return [map(originator), map(responder)];
}

function mapCitable<To>(numbers: PacketNumbers, map: (reference: PacketReference) => To) {
  const orNull = (reference: PacketReference | undefined): To | null =>
    reference === undefined ? null : map(reference);
  return {
    first: map(numbers.first),
    last: map(numbers.last),
    originatorFirst: orNull(numbers.originatorFirst),
    responderFirst: orNull(numbers.responderFirst),
    syn: orNull(numbers.syn),
    synAck: orNull(numbers.synAck),
    reset: orNull(numbers.reset),
  };
}

function timeJson(time: EpochNs | undefined): string | null {
  return time === undefined ? null : (describeTime(time) ?? null);
}
