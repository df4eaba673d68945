/** Packets as a reader hands them over, and what the decoder makes of them. */
import { CaptureRecord, DIRECTION, type Direction } from "#observed/capture/record.js";
import { decodeRecord } from "#observed/decode/decode-record.js";
import { DecodedPacket, type IpPacket } from "#observed/decode/packet.js";

/** LINKTYPE_ values by name. */
export const LINKTYPE = {
  null: 0,
  ethernet: 1,
  ppp: 9,
  pppHdlc: 50,
  raw: 101,
  loop: 108,
  linuxSll: 113,
  ipv4: 228,
  ipv6: 229,
  nflog: 239,
  linuxSll2: 276,
} as const;

export interface RecordFields {
  /** Default: Ethernet. */
  readonly linktype?: number;
  /** On the wire. Default: all of the packet. */
  readonly originalLength?: number;
  /** In the file: the packet's first bytes. Default: all of the packet. */
  readonly capturedLength?: number;
  readonly direction?: Direction;
  readonly number?: number;
  /** What the reader's block holds around the packet. Default 0xa5. */
  readonly surroundings?: number;
}

/** More than any header, so that a read past the packet meets what was put there. */
const MARGIN = 80;

/** The packet in the middle of a larger block, as a reader keeps it. */
export function recordOf(packet: Uint8Array, fields: RecordFields = {}): CaptureRecord {
  const { capturedLength = packet.length, surroundings = 0xa5 } = fields;
  const record = new CaptureRecord();
  record.bytes = new Uint8Array(MARGIN + capturedLength + MARGIN).fill(surroundings);
  record.bytes.set(packet.subarray(0, capturedLength), MARGIN);
  record.offset = MARGIN;
  record.capturedLength = capturedLength;
  record.originalLength = fields.originalLength ?? packet.length;
  record.linktype = fields.linktype ?? LINKTYPE.ethernet;
  record.direction = fields.direction ?? DIRECTION.unknown;
  record.number = fields.number ?? 1;
  return record;
}

/** What the decoder makes of one packet. */
export function decode(packet: Uint8Array, fields: RecordFields = {}): DecodedPacket {
  const into = new DecodedPacket();
  decodeRecord(recordOf(packet, fields), into);
  return into;
}

/** One of a record's IP packets, 0 the outermost. Throws if it was not reached. */
export function ipOf(decoded: DecodedPacket, level = 0): IpPacket {
  const ip = decoded.ip[level];
  if (ip === undefined || level >= decoded.depth) throw new Error(`no IP packet ${level}`);
  return ip;
}

/** The stop's kind, layer and reason as one line, or undefined. */
export function describeStop({ stop }: DecodedPacket): string | undefined {
  return stop && `${stop.kind} ${stop.layer} at byte ${stop.offset}: ${stop.reason}`;
}
