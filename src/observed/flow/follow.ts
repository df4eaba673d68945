/** What every packet adds to the record of its connection. */
import { IP_PROTOCOL } from "#net/protocol.js";
import type { CaptureRecord } from "#observed/capture/record.js";
import type { IpPacket } from "#observed/decode/packet.js";
import { isCopy } from "./copies.js";
import type { Cursor } from "./cursor.js";
import { addLetterOnce, LETTER, SEEN_BIT } from "./history.js";
import {
  COPIES,
  FIRST_IP_ID,
  FIRST_PACKET,
  FIRST_TIME,
  FRAME_BYTES,
  LAST_PACKET,
  LAST_TIME,
  PACKETS,
  PAYLOAD_HASH,
  PAYLOAD_LENGTH,
  PAYLOAD_SUM,
  RESET_PACKET,
  SYN_ACK_PACKET,
  SYN_PACKET,
  TTL_MAX,
  TTL_MIN,
} from "./layout.js";
import { forwardedClient, type ForwardedClient } from "./forwarded-client.js";
import { httpStatus, keepHttpStatus } from "./http-status.js";
import { payloadHash } from "./payload-hash.js";
import { ACK, followTcp, RST, SYN } from "./tcp-endpoint.js";

/** The record in hand. Filled again for each. */
export class Sighting {
  record: CaptureRecord;
  /** ns since the capture point's first record. */
  time = 0;
  /** Over all files of the capture point. */
  ordinal = 0;
  /** What its payload says of a client that a proxy hands on; taken by whoever keeps it. */
  forwarded: ForwardedClient | undefined = undefined;
  /** The headers of the packet in hand were read to their end. */
  isWhole = true;
  /** The packet in hand was seen before at this point. Known once it is followed. */
  isCopy = false;

  constructor(record: CaptureRecord) {
    this.record = record;
  }
}

export function followPacket(cursor: Cursor, packet: IpPacket, sighting: Sighting): void {
  const { view, self } = cursor;
  const isTcp = packet.protocol === IP_PROTOCOL.tcp;
  const copy = isCopy(cursor, packet, (sighting.time / 1000) | 0);
  sighting.isCopy = copy;
  if (view.getUint32(self + PACKETS, true) === 0) meetSide(cursor, packet, sighting);
  countPacket(cursor, sighting);
  keepTtl(view, self, packet.ttl);
  if (copy) {
    view.setUint32(self + COPIES, view.getUint32(self + COPIES, true) + 1, true);
    if (!isTcp) addPayload(cursor, packet.payloadLength);
    return;
  }
  if (packet.payloadLength > 0 && view.getUint16(self + PAYLOAD_LENGTH, true) === 0) {
    keepPayload(cursor, packet, sighting);
  }
  if (isTcp) {
    if ((packet.flags & (SYN | RST)) !== 0) keepControlPacket(cursor, packet, sighting.ordinal);
    followTcp(cursor, packet);
    return;
  }
  addPayload(cursor, packet.payloadLength);
  // Zeek gives UDP the letter for every datagram, empty ones too, and ICMP none.
  if (packet.protocol === IP_PROTOCOL.udp) addLetterOnce(cursor, LETTER.data, SEEN_BIT.data);
}

/** A later fragment has no header of its own to follow. */
export function followFragment(cursor: Cursor, packet: IpPacket, sighting: Sighting): void {
  const { view, self } = cursor;
  countPacket(cursor, sighting);
  keepTtl(view, self, packet.ttl);
  if (packet.protocol !== IP_PROTOCOL.tcp) addPayload(cursor, packet.payloadLength);
}

export interface HeldFragments {
  readonly packets: number;
  readonly frameBytes: number;
  readonly payloadBytes: number;
}

/** Fragments that came before the first of their packet. */
export function addHeld(
  cursor: Cursor,
  protocol: number,
  { packets, frameBytes, payloadBytes }: HeldFragments,
): void {
  const { view, self } = cursor;
  view.setUint32(self + PACKETS, view.getUint32(self + PACKETS, true) + packets, true);
  const frames = view.getFloat64(self + FRAME_BYTES, true);
  view.setFloat64(self + FRAME_BYTES, frames + frameBytes, true);
  if (protocol !== IP_PROTOCOL.tcp) addPayload(cursor, payloadBytes);
}

function meetSide({ view, self }: Cursor, packet: IpPacket, { ordinal }: Sighting): void {
  view.setUint32(self + FIRST_PACKET, ordinal, true);
  view.setInt32(self + FIRST_IP_ID, packet.id, true);
  view.setUint8(self + TTL_MIN, packet.ttl);
  view.setUint8(self + TTL_MAX, packet.ttl);
}

function countPacket(
  { view, record, self }: Cursor,
  { record: frame, time, ordinal }: Sighting,
): void {
  view.setUint32(self + PACKETS, view.getUint32(self + PACKETS, true) + 1, true);
  const bytes = view.getFloat64(self + FRAME_BYTES, true);
  view.setFloat64(self + FRAME_BYTES, bytes + frame.originalLength, true);
  // Records are not always in the order of their times.
  if (time > view.getFloat64(record + LAST_TIME, true)) {
    view.setFloat64(record + LAST_TIME, time, true);
  } else if (time < view.getFloat64(record + FIRST_TIME, true)) {
    view.setFloat64(record + FIRST_TIME, time, true);
  }
  view.setUint32(record + LAST_PACKET, ordinal, true);
}

function keepTtl(view: DataView, self: number, ttl: number): void {
  if (ttl < view.getUint8(self + TTL_MIN)) view.setUint8(self + TTL_MIN, ttl);
  else if (ttl > view.getUint8(self + TTL_MAX)) view.setUint8(self + TTL_MAX, ttl);
}

function addPayload({ view, self }: Cursor, bytes: number): void {
  view.setFloat64(self + PAYLOAD_SUM, view.getFloat64(self + PAYLOAD_SUM, true) + bytes, true);
}

function keepPayload({ view, record, self }: Cursor, packet: IpPacket, sighting: Sighting): void {
  const { bytes } = sighting.record;
  view.setUint16(self + PAYLOAD_LENGTH, Math.min(packet.payloadLength, 0xffff), true);
  if (packet.payloadCaptured === 0) return;
  view.setInt32(self + PAYLOAD_HASH, payloadHash(bytes, packet), true);
  if (packet.protocol !== IP_PROTOCOL.tcp) return;
  const status = httpStatus(bytes, packet);
  if (status === undefined) sighting.forwarded = forwardedClient(bytes, packet);
  else keepHttpStatus(view, record, status);
}

function keepControlPacket(cursor: Cursor, { flags }: IpPacket, ordinal: number): void {
  const { view, record } = cursor;
  if ((flags & RST) !== 0) keepFirst(view, record + RESET_PACKET, { ordinal });
  else keepFirst(view, record + ((flags & ACK) === 0 ? SYN_PACKET : SYN_ACK_PACKET), { ordinal });
}

function keepFirst(view: DataView, at: number, { ordinal }: { ordinal: number }): void {
  if (view.getUint32(at, true) === 0) view.setUint32(at, ordinal, true);
}
