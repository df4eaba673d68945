/** A packed record as the `Connection` that the rest of the program reads. */
import type { CapturePoint } from "#cluster/capture-point.js";
import type { Endpoint } from "#net/five-tuple.js";
import { IP_PROTOCOL, protocolName } from "#net/protocol.js";
import { epochNs, type EpochNs, type Pair } from "#net/types.js";
import { DIRECTION } from "#observed/capture/record.js";
import type { AddressTable } from "./address-table.js";
import { recordOffset, type ConnectionTable } from "./connection-table.js";
import { communityId } from "./community-id.js";
import { connState } from "./conn-state.js";
import type { Connection, DirectionFacts, IcmpError, PacketNumbers } from "./connection.js";
import type { FileSeries } from "./file-series.js";
import { readHistory } from "./history.js";
import type { IcmpErrors } from "./icmp-errors.js";
import {
  ACK_SEQ,
  ACKNOWLEDGED_ISN,
  COPIES,
  EXCUSED_SEGMENTS,
  FIRST_IP_ID,
  FIRST_PACKET,
  FIRST_TIME,
  FLAG_FIRST_SENDER_HIGH,
  FLAG_ORIGINATOR_HIGH,
  FLAGS,
  FRAME_BYTES,
  GAPS,
  HIGH_ADDRESS,
  HIGH_DIRECTION,
  ICMP_ERRORS,
  KEY_DIRECTION_SHIFT,
  KEY_IPV6,
  KEY_PROTOCOL_SHIFT,
  KIND,
  LAST_PACKET,
  LAST_TIME,
  LOW_ADDRESS,
  LOW_DIRECTION,
  MSS,
  PACKETS,
  PAYLOAD_HASH,
  PAYLOAD_LENGTH,
  PAYLOAD_SUM,
  PLACE,
  PORTS,
  REPEATED_FINS,
  REPEATED_SEGMENTS,
  RESET_PACKET,
  RESETS,
  START_SEQ,
  STATE,
  SYN_ACK_PACKET,
  SYN_OPTIONS_HASH,
  SYN_PACKET,
  SYNS,
  TTL_MAX,
  TTL_MIN,
  TUNNEL_SIDES,
  WINDOW_SCALE,
  ZERO_WINDOWS,
} from "./layout.js";
import type { PacketMemory } from "./packet-memory.js";
import { NUMBERED_BY, type Places } from "./places.js";
import { readHttpStatus } from "./http-status.js";
import { sequenceRange } from "./sequence-range.js";
import { tcpSize } from "./tcp-size.js";

/** The records, and what they refer to. */
export interface Surroundings {
  readonly table: ConnectionTable;
  /** What is remembered of single packets; undefined where nobody asked for it. */
  readonly memory: PacketMemory | undefined;
  /** What the user calls the capture point. */
  readonly point: string;
  readonly baseTime: EpochNs;
  readonly addresses: AddressTable;
  readonly places: Places;
  readonly series: FileSeries;
  readonly icmpErrors: IcmpErrors;
  /** By pcapng interface id. */
  readonly interfaceNames: readonly (string | undefined)[];
  /** Those that were made already, by place and direction. */
  readonly points: Map<string, CapturePoint>;
}

/** `index`: the connection's in the table. */
export function materialise(index: number, surroundings: Surroundings): Connection {
  const { table, addresses, series, places, baseTime } = surroundings;
  const view = table.slab(index);
  const record = recordOffset(index);
  const kind = view.getInt32(record + KIND, true);
  const protocol = (kind >>> KEY_PROTOCOL_SHIFT) & 0xff;
  const version = (kind & KEY_IPV6) === 0 ? 4 : 6;
  const flags = view.getUint8(record + FLAGS);
  const originatorIsHigh = (flags & FLAG_ORIGINATOR_HIGH) !== 0;
  const low = record + LOW_DIRECTION;
  const high = record + HIGH_DIRECTION;
  const sides: Pair<number> = originatorIsHigh ? [high, low] : [low, high];
  const lowWord = view.getInt32(record + LOW_ADDRESS, true);
  const highWord = view.getInt32(record + HIGH_ADDRESS, true);
  const lowPort = view.getUint16(record + PORTS, true);
  const highPort = view.getUint16(record + PORTS + 2, true);
  const lowEnd: Endpoint = { address: addresses.format(lowWord, version), port: lowPort };
  const highEnd: Endpoint = { address: addresses.format(highWord, version), port: highPort };
  const history = readHistory(view, record);
  const packets = both(sides, (side) => view.getUint32(side + PACKETS, true));
  const payloadBytes = payloadBytesOf(view, protocol, sides);
  const numbers = packetNumbers(view, record, { sides, series });
  const place = view.getInt32(record + PLACE, true);
  const firstSenderIsOriginator = originatorIsHigh === ((flags & FLAG_FIRST_SENDER_HIGH) !== 0);
  const tunnelSides = view.getUint8(record + TUNNEL_SIDES);
  const lowTuple = { address: addresses.bytes(lowWord, version), port: lowPort };
  const highTuple = { address: addresses.bytes(highWord, version), port: highPort };
  return {
    point: capturePoint(view, record, surroundings),
    files: series.filesBetween(
      firstOrdinal(view, sides),
      view.getUint32(record + LAST_PACKET, true),
    ),
    protocol: protocolName(protocol),
    originator: originatorIsHigh ? highEnd : lowEnd,
    responder: originatorIsHigh ? lowEnd : highEnd,
    packets,
    frameBytes: both(sides, (side) => view.getFloat64(side + FRAME_BYTES, true)),
    payloadBytes,
    first: timeAt(baseTime, view.getFloat64(record + FIRST_TIME, true)),
    last: timeAt(baseTime, view.getFloat64(record + LAST_TIME, true)),
    state: connState({
      protocol,
      states: both(sides, (side) => view.getUint8(side + STATE)),
      packets,
      payloadBytes,
      history,
    }),
    history,
    communityId: communityId({
      protocol,
      source: originatorIsHigh ? highTuple : lowTuple,
      destination: originatorIsHigh ? lowTuple : highTuple,
    }),
    tunnels: places.tunnelsOf(place, firstSenderIsOriginator ? tunnelSides : ~tunnelSides),
    directions: directionsOf(view, {
      sides,
      protocol,
      remembered: rememberedOf(view, index, surroundings),
    }),
    ...icmpErrorsOf(view, record, surroundings),
    packetNumbers: numbers,
    ...httpStatusOf(view, record),
  };
}

function both<Value>(
  [originator, responder]: Pair<number>,
  read: (side: number) => Value,
): Pair<Value> {
  return [read(originator), read(responder)];
}

function timeAt(baseTime: EpochNs, sinceBase: number): EpochNs {
  return epochNs(baseTime + BigInt(Math.round(sinceBase)));
}

function httpStatusOf(view: DataView, record: number): Pick<Connection, "httpStatus"> {
  const httpStatus = readHttpStatus(view, record);
  return httpStatus === undefined ? {} : { httpStatus };
}

function payloadBytesOf(view: DataView, protocol: number, [a, b]: Pair<number>): Pair<number> {
  if (protocol === IP_PROTOCOL.tcp) return [tcpSize(view, a, b), tcpSize(view, b, a)];
  return [view.getFloat64(a + PAYLOAD_SUM, true), view.getFloat64(b + PAYLOAD_SUM, true)];
}

/** One object for all that were seen there: there are few of them, and many connections. */
function capturePoint(view: DataView, record: number, surroundings: Surroundings): CapturePoint {
  const place = view.getInt32(record + PLACE, true);
  const direction = directionOf(view, record);
  const key = `${place} ${direction}`;
  const known = surroundings.points.get(key);
  if (known !== undefined) return known;
  const { point: name, places, interfaceNames } = surroundings;
  const { by, number } = places.interfaceOf(place);
  const isIndex = by === NUMBERED_BY.interfaceIndex;
  const port = (isIndex ? undefined : interfaceNames[number]) ?? `if${number}`;
  const isOneOfSeveral = isIndex || places.interfaces > 1 || interfaceNames.length > 1;
  const made = { name, interface: isOneOfSeveral ? port : undefined, direction };
  surroundings.points.set(key, made);
  return made;
}

function directionOf(view: DataView, record: number): CapturePoint["direction"] {
  const low = (view.getInt32(record + KIND, true) >>> KEY_DIRECTION_SHIFT) & 3;
  if (low === DIRECTION.unknown) return undefined;
  const originatorIsHigh = (view.getUint8(record + FLAGS) & FLAG_ORIGINATOR_HIGH) !== 0;
  return (low === DIRECTION.in) === originatorIsHigh ? "out" : "in";
}

/** What is remembered of a direction's packets. */
type Remembered = Pick<DirectionFacts, "first" | "firstPayload" | "samples">;

const NOTHING_REMEMBERED: Pair<Remembered> = [{}, {}];

function rememberedOf(
  view: DataView,
  index: number,
  { memory, baseTime }: Surroundings,
): Pair<Remembered> {
  if (memory === undefined) return NOTHING_REMEMBERED;
  const record = recordOffset(index);
  const from = view.getFloat64(record + FIRST_TIME, true);
  const originatorIsLow = (view.getUint8(record + FLAGS) & FLAG_ORIGINATOR_HIGH) === 0;
  const packetsOf = (isLow: boolean): Remembered => {
    const first = memory.first(index, isLow);
    const payload = memory.firstPayload(index, isLow);
    return {
      first: first === undefined ? undefined : timeAt(baseTime, first),
      firstPayload: payload === undefined ? undefined : timeAt(baseTime, payload),
      samples: memory.samples(index, isLow, from),
    };
  };
  return [packetsOf(originatorIsLow), packetsOf(!originatorIsLow)];
}

interface Sides {
  readonly sides: Pair<number>;
  readonly protocol: number;
  readonly remembered: Pair<Remembered>;
}

/** The acknowledged number is of the originator's direction only: a SYN-ACK has acknowledged exactly its SYN. */
function directionsOf(
  view: DataView,
  { sides, protocol, remembered }: Sides,
): Connection["directions"] {
  const originator = directionFacts(view, sides[0], { protocol, ...remembered[0] });
  const responder = directionFacts(view, sides[1], { protocol, ...remembered[1] });
  const isUnseen = view.getUint32(sides[0] + PACKETS, true) === 0;
  if (!isUnseen || responder.isn === undefined) return [originator, responder];
  const acknowledgedIsn = view.getUint32(sides[0] + ACKNOWLEDGED_ISN, true);
  return [{ ...originator, acknowledgedIsn }, responder];
}

/** All in one literal: there are as many of these as connections, and more than once. */
function directionFacts(
  view: DataView,
  side: number,
  { protocol, first, firstPayload, samples }: Remembered & { readonly protocol: number },
): DirectionFacts {
  const packets = view.getUint32(side + PACKETS, true);
  const syns = view.getUint16(side + SYNS, true);
  const isTcp = protocol === IP_PROTOCOL.tcp;
  return {
    isn: syns > 0 ? view.getUint32(side + START_SEQ, true) : undefined,
    synOptionsHash: syns > 0 ? view.getUint32(side + SYN_OPTIONS_HASH, true) : undefined,
    mss: view.getUint16(side + MSS, true) || undefined,
    windowScale: syns > 0 ? windowScaleOf(view, side) : undefined,
    syns,
    ttl: packets > 0 ? ttlOf(view, side) : undefined,
    retransmissions: isTcp ? retransmissionsOf(view, side) : 0,
    copies: view.getUint32(side + COPIES, true),
    resets: view.getUint16(side + RESETS, true),
    zeroWindows: view.getUint16(side + ZERO_WINDOWS, true),
    firstIpId: packets > 0 ? view.getInt32(side + FIRST_IP_ID, true) : undefined,
    firstPayloadHash: view.getUint32(side + PAYLOAD_HASH, true) || undefined,
    firstPayloadLength: view.getUint16(side + PAYLOAD_LENGTH, true) || undefined,
    isDataAcknowledged: isTcp && isDataAcknowledged(view, side),
    first,
    firstPayload,
    sequence: isTcp ? sequenceRange(view, side) : undefined,
    unseenData: isTcp ? view.getUint8(side + GAPS) : undefined,
    samples,
  };
}

/** The other side's highest acknowledgement is beyond the SYN (RFC 9293 §3.4). */
function isDataAcknowledged(view: DataView, side: number): boolean {
  const acknowledged =
    view.getUint32(side + ACK_SEQ, true) - view.getUint32(side + START_SEQ, true);
  return (acknowledged | 0) > 1;
}

function windowScaleOf(view: DataView, side: number): number | undefined {
  const shift = view.getInt8(side + WINDOW_SCALE);
  return shift < 0 ? undefined : shift;
}

function ttlOf(view: DataView, side: number): { readonly min: number; readonly max: number } {
  return { min: view.getUint8(side + TTL_MIN), max: view.getUint8(side + TTL_MAX) };
}

function retransmissionsOf(view: DataView, side: number): number {
  const segments =
    view.getUint32(side + REPEATED_SEGMENTS, true) - view.getUint16(side + EXCUSED_SEGMENTS, true);
  const syns = Math.max(0, view.getUint16(side + SYNS, true) - 1);
  return segments + syns + view.getUint8(side + REPEATED_FINS);
}

function icmpErrorsOf(
  view: DataView,
  record: number,
  { icmpErrors, addresses, series }: Surroundings,
): Pick<Connection, "icmpErrors" | "icmpErrorCount"> {
  const group = view.getUint32(record + ICMP_ERRORS, true);
  if (group === 0) return { icmpErrors: [] };
  const kept = icmpErrors
    .kept(group - 1)
    .map(({ type, code, version, from, packet }): IcmpError => ({
      type,
      code,
      from: addresses.format(from, version),
      packet: series.reference(packet) ?? NOWHERE,
    }));
  const count = icmpErrors.count(group - 1);
  return count > kept.length ? { icmpErrors: kept, icmpErrorCount: count } : { icmpErrors: kept };
}

const NOWHERE = { file: "", packet: 0 };

function firstOrdinal(view: DataView, [a, b]: Pair<number>): number {
  const originator = view.getUint32(a + FIRST_PACKET, true);
  const responder = view.getUint32(b + FIRST_PACKET, true);
  return originator === 0 || (responder !== 0 && responder < originator) ? responder : originator;
}

function packetNumbers(
  view: DataView,
  record: number,
  { sides, series }: { sides: Pair<number>; series: FileSeries },
): PacketNumbers {
  const at = (offset: number) => series.reference(view.getUint32(offset, true));
  return {
    first: series.reference(firstOrdinal(view, sides)) ?? NOWHERE,
    last: at(record + LAST_PACKET) ?? NOWHERE,
    originatorFirst: at(sides[0] + FIRST_PACKET),
    responderFirst: at(sides[1] + FIRST_PACKET),
    syn: at(record + SYN_PACKET),
    synAck: at(record + SYN_ACK_PACKET),
    reset: at(record + RESET_PACKET),
  };
}
