import { byteAt } from "./bytes.js";
import { NEXT, type Cursor, type Next } from "./cursor.js";
import type { LinkType } from "./link-type.js";
import { header, malformed, tooShort, truncated, unsupported } from "./stopping.js";

// tcpdump.org/linktypes/LINKTYPE_NFLOG.html: family, version, resource identifier (the group).
const VERSION = 1;
const HEADER = header("NFLOG header", 4);

// Then attributes: length with this header, type, value, padding to 4 bytes.
const ATTRIBUTE_TYPE = 2;
const ATTRIBUTE = header("NFLOG attribute", 4);

/** NFULA_PAYLOAD of linux/netfilter/nfnetlink_log.h: the packet, from its IP header. */
const PAYLOAD = 9;

/** The kernel has some 20 types, and sends each once. */
const MAX_ATTRIBUTES = 64;

const layer = ATTRIBUTE.layer;
const OTHER_VERSION = { layer: HEADER.layer, reason: "version is not 0" };
const BAD_LENGTH = { layer, reason: "length is below 4 bytes or beyond the record" };
const CUT = { layer, reason: "the captured length ends before the packet's" };
const NO_PAYLOAD = { layer, reason: "none of them is the packet's" };
const TOO_MANY = { layer, reason: `more than ${MAX_ATTRIBUTES} in a record` };

/** What `tcpdump -i nflog:N` writes: packets as an iptables rule saw them. */
export const nflog: LinkType = { value: 239, name: "NFLOG", decode: decodeNflog };

function decodeNflog(cursor: Cursor): Next {
  const { bytes, offset } = cursor;
  if (cursor.end - offset < HEADER.bytes) return tooShort(cursor, HEADER);
  if (byteAt(bytes, offset + VERSION) !== 0) return unsupported(cursor, OTHER_VERSION);
  cursor.offset = offset + HEADER.bytes;
  return enterPayload(cursor);
}

function enterPayload(cursor: Cursor): Next {
  for (let count = 0; count < MAX_ATTRIBUTES; count++) {
    const { offset } = cursor;
    if (offset >= cursor.end) return endOfAttributes(cursor);
    if (cursor.end - offset < ATTRIBUTE.bytes) return tooShort(cursor, ATTRIBUTE);
    const length = hostUint16(cursor, 0);
    const next = offset + length;
    if (length < ATTRIBUTE.bytes || next > cursor.wireEnd) return malformed(cursor, BAD_LENGTH);
    if (hostUint16(cursor, ATTRIBUTE_TYPE) === PAYLOAD) {
      cursor.offset = offset + ATTRIBUTE.bytes;
      cursor.limitTo(next, "original length");
      return NEXT.ip;
    }
    // RFC 3549 §2.3.2.3: attributes start on multiples of 4 bytes.
    cursor.offset = offset + ((length + 3) & ~3);
  }
  return unsupported(cursor, TOO_MANY);
}

function endOfAttributes(cursor: Cursor): Next {
  return cursor.offset < cursor.wireEnd ? truncated(cursor, CUT) : unsupported(cursor, NO_PAYLOAD);
}

/**
 * A field in the byte order of the machine that captured, which the record does not tell. Types are
 * below 256 (and their flag bits unused here), so the byte of the type that is not 0 tells.
 */
function hostUint16({ bytes, offset }: Cursor, field: number): number {
  const first = byteAt(bytes, offset + field);
  const second = byteAt(bytes, offset + field + 1);
  const isBigEndian = byteAt(bytes, offset + ATTRIBUTE_TYPE) === 0;
  return isBigEndian ? (first << 8) | second : (second << 8) | first;
}
