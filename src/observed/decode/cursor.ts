import type { CaptureRecord } from "#observed/capture/record.js";
import { DecodedPacket, IpPacket, type TunnelKind } from "./packet.js";

/**
 * What a decoder says comes next. Decoders do not call each other: a tunnel leads back to Ethernet
 * and IP, so the calls would be a circle of imports, as deep as the sender likes. `decodeRecord`
 * looks each answer up in its list instead.
 */
export const NEXT = {
  nothing: 0,
  /** `cursor.etherType` names it. */
  etherType: 1,
  /** IPv4 or IPv6, as the first four bits say. */
  ip: 2,
  /** `cursor.ip.protocol` names it. */
  ipProtocol: 3,
  /** `cursor.ip.destinationPort` may name a tunnel. */
  udpPayload: 4,
} as const;
export type Next = (typeof NEXT)[keyof typeof NEXT];

/** Reads one layer at `cursor.offset`, moves the cursor behind its header, says what follows. */
export type Decoder = (cursor: Cursor) => Next;

/** What says where the current layer ends: the record, or a length in a header. */
export type Limit =
  | "original length"
  | "PPPoE length"
  | "IPv4 total length"
  | "IPv6 payload length"
  | "UDP length";

/** Where decoding is in a record, and what it fills. One is used again for each record. */
export class Cursor {
  bytes: Uint8Array = new Uint8Array(0);
  /** Where the record starts in `bytes`; stops count from here. */
  start = 0;
  /** Where the next layer starts in `bytes`. */
  offset = 0;
  /** One past the last byte that may be read: captured, and of the current layer. */
  end = 0;
  /** One past the last byte the current layer had on the wire; beyond `end` if the capture cut it. */
  wireEnd = 0;
  /** Who set `wireEnd`. */
  limit: Limit = "original length";
  etherType = 0;
  /** What the next IP packet is carried in. */
  tunnel: TunnelKind | undefined = undefined;
  tunnelId = 0;
  into: DecodedPacket = new DecodedPacket();
  /** The IP packet being filled; meaningless until one was opened. */
  ip: IpPacket = new IpPacket();
  /** The ICMP error whose quote is being read, else undefined. */
  quotedBy: IpPacket | undefined = undefined;
  /** One past the last byte of the quote on the wire. */
  quoteEnd = 0;

  begin(record: CaptureRecord, into: DecodedPacket): void {
    const { bytes, offset, capturedLength, originalLength } = record;
    this.bytes = bytes;
    this.start = offset;
    this.offset = offset;
    this.end = offset + capturedLength;
    // Some writers leave the original length 0; the packet had at least what was captured.
    this.wireEnd = offset + Math.max(capturedLength, originalLength);
    this.limit = "original length";
    this.tunnel = undefined;
    this.tunnelId = 0;
    this.into = into;
    this.quotedBy = undefined;
  }

  /** A header says that the current layer ends at `end`. */
  limitTo(end: number, limit: Limit): void {
    this.wireEnd = end;
    this.limit = limit;
    if (end < this.end) this.end = end;
  }

  /** True when a header around this layer leaves it less room than up to `end`. */
  isBeyondContainer(end: number): boolean {
    return end > this.wireEnd && this.limit !== "original length" && !this.quotedBy;
  }
}
