/**
 * The packed record of a connection: where each fact lies, in bytes from the record's start. All
 * values are little-endian. 16- and 8-bit counts stop at their highest value instead of wrapping.
 *
 * The two endpoints are kept in the order of their numbers ("low" and "high"), so that both
 * directions find the same record; which of them is the originator is a flag.
 */

// The key: five words of 32 bits, compared as such.

/** IPv4 address, or the number of an IPv6 address in the address table. */
export const LOW_ADDRESS = 0;
export const HIGH_ADDRESS = 4;
/** u16 each: the low endpoint's in the lower half. For ICMP the type and its counterpart. */
export const PORTS = 8;
/** Number of the interface and tunnels in the table of places. */
export const PLACE = 12;
/** u16 ICMP identifier, u8 protocol, u8 of the `KEY_` bits. */
export const KIND = 16;

export const KEY_PROTOCOL_SHIFT = 16;
export const KEY_IPV6 = 1 << 24;
/** Two bits: where the low endpoint's packets were going (`DIRECTION`). */
export const KEY_DIRECTION_SHIFT = 25;

/** i32: the next record of the same hash bucket, or `NONE`. */
export const NEXT = 20;
/** f64, ns since the capture point's first record. */
export const LAST_TIME = 24;
/** u32 ordinal of a packet in the series of files, as are all packets below; 0 means none. */
export const LAST_PACKET = 32;
/** u8: letters in `HISTORY`. */
export const HISTORY_LENGTH = 36;
/** u8 of the `FLAG_` bits. */
export const FLAGS = 37;
/** u8: bit n is set when, n tunnels in, the outer packet of the first packet had the low source. */
export const TUNNEL_SIDES = 38;
/** u8: the lower bits of 1 + HTTP status - 100; 0 without, see `FLAG_HTTP_STATUS_HIGH`. */
export const HTTP_STATUS = 39;
/** f64, ns since the capture point's first record. */
export const FIRST_TIME = 40;
/** Four u32 of six letters each, five bits a letter. */
export const HISTORY = 48;
export const SYN_PACKET = 64;
export const SYN_ACK_PACKET = 68;
export const RESET_PACKET = 72;
/** u32: 1 + the number of the connection's group in the table of ICMP errors; 0 without. */
export const ICMP_ERRORS = 76;

/** The originator is the high endpoint. */
export const FLAG_ORIGINATOR_HIGH = 1;
/** The sender of the first packet is the high endpoint; differs from the above when flipped. */
export const FLAG_FIRST_SENDER_HIGH = 2;
/** A later connection took over the five-tuple: no longer in the hash. */
export const FLAG_RETIRED = 4;
/** The ninth bit of `HTTP_STATUS`. */
export const FLAG_HTTP_STATUS_HIGH = 8;

/** Where the directions start: the one the low endpoint sends, then the high one's. */
export const LOW_DIRECTION = 80;
export const HIGH_DIRECTION = 168;
export const RECORD_BYTES = 256;

// Within a direction.

/** f64: bytes of frames on the wire. */
export const FRAME_BYTES = 0;
/** f64: sum of payload bytes; other protocols than TCP. */
export const PAYLOAD_SUM = 8;
/** TCP. u32: the SYN's sequence number, or the one a SYN would have had. */
export const START_SEQ = 8;
/** TCP. u32: one past the highest sequence number sent. */
export const LAST_SEQ = 12;
/** TCP. u32: highest acknowledgement of this direction by the other. */
export const ACK_SEQ = 16;
/** u32. */
export const PACKETS = 20;
/** u32. */
export const COPIES = 24;
export const FIRST_PACKET = 28;
/** Three u16: identity of the latest packets, see `copies.ts`. */
export const RECENT = 32;
/** u8 each: how often `LAST_SEQ` and `ACK_SEQ` passed 2^32. */
export const SEQ_WRAPS = 38;
export const ACK_WRAPS = 39;
/** u32: us, modulo 2^32, of the latest packet. */
export const RECENT_TIME = 40;
/** u8: `EndpointState`, and the one before it. */
export const STATE = 44;
export const PREVIOUS_STATE = 45;
/** u8 of `SEEN` bits in `history.ts`. */
export const SEEN = 46;
/** i8: shift count, -1 without. */
export const WINDOW_SCALE = 47;
/** u8 each. */
export const TTL_MIN = 48;
export const TTL_MAX = 49;
/** u16: payload bytes on the wire of the first packet with payload; 0 before it. */
export const PAYLOAD_LENGTH = 50;
/** u32: see `payloadHash`; 0 when the capture holds nothing of that payload. */
export const PAYLOAD_HASH = 52;
/** i32: IP identification of the first packet. */
export const FIRST_IP_ID = 56;
/** u32: `IpPacket.optionsHash` of the first SYN. */
export const SYN_OPTIONS_HASH = 60;
/** u32: what the other side's SYN-ACK acknowledged, less 1. The same slot: no SYN, no options. */
export const ACKNOWLEDGED_ISN = SYN_OPTIONS_HASH;
/** u32: segments with payload that did not advance `LAST_SEQ`, copies aside. */
export const REPEATED_SEGMENTS = 64;
/** u32 each: an interval of sequence numbers that were passed over; empty when equal. */
export const HOLE_START = 68;
export const HOLE_END = 72;
/** u32: sequence number of the latest RST. Shares its place: no hole is watched after a reset. */
export const RESET_SEQ = 68;
/** u16: of `REPEATED_SEGMENTS`, those that filled a hole (late) or were keep-alives. */
export const EXCUSED_SEGMENTS = 76;
/** u16 each. */
export const MSS = 78;
export const SYNS = 80;
export const RESETS = 82;
export const ZERO_WINDOWS = 84;
/** u8 each: FINs sent again; gaps (data acknowledged that was never seen). */
export const REPEATED_FINS = 86;
export const GAPS = 87;

/** Adds one to a 16-bit count that stops at 65535; returns the new count. */
export function countUint16(view: DataView, at: number): number {
  const count = Math.min(view.getUint16(at, true) + 1, 0xffff);
  view.setUint16(at, count, true);
  return count;
}

/** Adds one to an 8-bit count that stops at 255; returns the new count. */
export function countUint8(view: DataView, at: number): number {
  const count = Math.min(view.getUint8(at) + 1, 0xff);
  view.setUint8(at, count);
  return count;
}
