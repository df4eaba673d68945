import { byteAt, int32At, uint16At, uint32At } from "./bytes.js";
import type { Cursor } from "./cursor.js";
import type { IpPacket } from "./packet.js";
import { endsInside, malformed, variablePart } from "./stopping.js";

// IANA "TCP Option Kind Numbers".
const END = 0;
const NO_OPERATION = 1;
const MAXIMUM_SEGMENT_SIZE = 2;
const WINDOW_SCALE = 3;
const SACK_PERMITTED = 4;
const TIMESTAMPS = 8;

/** Where options start in a TCP header. */
const FIXED_BYTES = 20;

/** NOP, NOP, timestamps: nearly every segment is as RFC 7323 appendix A recommends. */
const ALIGNED_TIMESTAMPS_HEADER = FIXED_BYTES + 12;
const ALIGNED_TIMESTAMPS = 0x0101080a;

const OPTIONS = variablePart("TCP options");
const BAD_LENGTH = {
  layer: "TCP options",
  reason: "an option's length is below 2 or beyond the header (RFC 9293 §3.2)",
};

/** FNV-1a's offset basis: any value but 0, which stands for no options. */
const HASH_START = 0x811c9dc5 | 0;

const HASH_BEFORE_TIMESTAMPS = mix(
  mix(mix(HASH_START, NO_OPERATION), NO_OPERATION),
  (TIMESTAMPS << 8) | 10,
);

/**
 * Reads the options of the TCP header at the cursor, as far as they go. The hash is only set if all
 * were read: a part's hash would differ from that of the same segment captured whole.
 */
export function readTcpOptions(cursor: Cursor, headerLength: number): void {
  const { bytes, offset, ip } = cursor;
  const headerEnd = offset + headerLength;
  const end = Math.min(headerEnd, cursor.end);
  if (headerLength === ALIGNED_TIMESTAMPS_HEADER && end === headerEnd) {
    if (int32At(bytes, offset + FIXED_BYTES) === ALIGNED_TIMESTAMPS) {
      const value = readOption(bytes, offset + FIXED_BYTES + 2, ip);
      ip.optionsHash = mix(HASH_BEFORE_TIMESTAMPS, value) || 1;
      return;
    }
  }
  let hash = HASH_START;
  let at = offset + FIXED_BYTES;
  while (at < end) {
    const kind = byteAt(bytes, at);
    if (kind === END) break;
    if (kind === NO_OPERATION) {
      hash = mix(hash, kind);
      at++;
      continue;
    }
    // An option whose length byte is not there is as good as one of length 2.
    const length = at + 1 < end ? byteAt(bytes, at + 1) : 2;
    const next = at + length;
    if (length < 2 || next > headerEnd) return void malformed(cursor, BAD_LENGTH);
    if (next > end) return void endsInside(cursor, headerEnd, OPTIONS);
    hash = mix(mix(hash, (kind << 8) | length), readOption(bytes, at, ip));
    at = next;
  }
  if (at >= end && end < headerEnd) return void endsInside(cursor, headerEnd, OPTIONS);
  ip.optionsHash = hash === 0 ? 1 : hash;
}

/** Sets the option's field, and returns what of its value goes into the hash: 0 for nothing. */
function readOption(bytes: Uint8Array, at: number, ip: IpPacket): number {
  // A known kind with another length than its own is left alone, as Linux does (tcp_parse_options).
  switch ((byteAt(bytes, at) << 8) | byteAt(bytes, at + 1)) {
    case (TIMESTAMPS << 8) | 10:
      ip.hasTimestamps = true;
      ip.tsval = uint32At(bytes, at + 2);
      ip.tsecr = uint32At(bytes, at + 6);
      return mix(int32At(bytes, at + 2), int32At(bytes, at + 6));
    case (MAXIMUM_SEGMENT_SIZE << 8) | 4:
      ip.mss = uint16At(bytes, at + 2);
      return ip.mss;
    case (WINDOW_SCALE << 8) | 3:
      ip.windowScale = byteAt(bytes, at + 2);
      return ip.windowScale;
    case (SACK_PERMITTED << 8) | 2:
      ip.sackPermitted = true;
      return 0;
    default:
      // SACK blocks and the like: their values are not compared between capture points.
      return 0;
  }
}

/** One step of the hash: every bit of both reaches every bit above it, and then those below. */
function mix(hash: number, value: number): number {
  const product = Math.imul(hash ^ value, 0x85ebca6b);
  return product ^ (product >>> 15);
}
