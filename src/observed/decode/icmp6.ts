import { byteAt, uint16At } from "./bytes.js";
import { NEXT, type Cursor, type Next } from "./cursor.js";
import { beginQuote } from "./icmp-quote.js";
import { setPayload, setPayloadCut } from "./ip-packet.js";
import { header, tooShort } from "./stopping.js";

// RFC 4443 §2.1 and §4; RFC 4884 §4.4 for the length. Offsets in bytes; every field is big-endian.
const TYPE = 0;
const CODE = 1;
const IDENTIFIER = 4;
/** Of the quote, in 8-byte words. */
const QUOTE_LENGTH = 4;
const SEQUENCE = 6;
const HEADER = header("ICMPv6 header", 8);

const DESTINATION_UNREACHABLE = 1;
const PACKET_TOO_BIG = 2;
const TIME_EXCEEDED = 3;
const PARAMETER_PROBLEM = 4;
const ECHO_REQUEST = 128;
const ECHO_REPLY = 129;

/** Neighbour discovery (RFC 4861) is ICMPv6 like any other: type and code. */
export function decodeIcmp6(cursor: Cursor): Next {
  const { bytes, offset, ip } = cursor;
  const available = cursor.end - offset;
  if (available > CODE) {
    ip.hasTransport = true;
    ip.icmpType = byteAt(bytes, offset + TYPE);
    ip.icmpCode = byteAt(bytes, offset + CODE);
  }
  if (available < HEADER.bytes) {
    setPayloadCut(cursor, HEADER.bytes);
    return tooShort(cursor, HEADER);
  }
  cursor.offset = offset + HEADER.bytes;
  setPayload(cursor);
  switch (ip.icmpType) {
    case ECHO_REQUEST:
    case ECHO_REPLY:
      ip.icmpId = uint16At(bytes, offset + IDENTIFIER);
      ip.icmpSeq = uint16At(bytes, offset + SEQUENCE);
      return NEXT.nothing;
    case PACKET_TOO_BIG:
    case PARAMETER_PROBLEM:
      return beginQuote(cursor, 0);
    case DESTINATION_UNREACHABLE:
    case TIME_EXCEEDED:
      return beginQuote(cursor, byteAt(bytes, offset + QUOTE_LENGTH) * 8);
    default:
      return NEXT.nothing;
  }
}
