import { byteAt, uint16At } from "./bytes.js";
import { NEXT, type Cursor, type Next } from "./cursor.js";
import { beginQuote } from "./icmp-quote.js";
import { setPayload, setPayloadCut } from "./ip-packet.js";
import { header, tooShort } from "./stopping.js";

// RFC 792; RFC 4884 §4.1 for the length. Offsets in bytes; every field is big-endian.
const TYPE = 0;
const CODE = 1;
const IDENTIFIER = 4;
/** Of the quote, in 4-byte words. */
const QUOTE_LENGTH = 5;
const SEQUENCE = 6;
const HEADER = header("ICMP header", 8);

const ECHO_REPLY = 0;
const DESTINATION_UNREACHABLE = 3;
const SOURCE_QUENCH = 4;
const REDIRECT = 5;
const ECHO = 8;
const TIME_EXCEEDED = 11;
const PARAMETER_PROBLEM = 12;

export function decodeIcmp(cursor: Cursor): Next {
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
    case ECHO:
    case ECHO_REPLY:
      ip.icmpId = uint16At(bytes, offset + IDENTIFIER);
      ip.icmpSeq = uint16At(bytes, offset + SEQUENCE);
      return NEXT.nothing;
    case SOURCE_QUENCH:
    case REDIRECT:
      return beginQuote(cursor, 0);
    case DESTINATION_UNREACHABLE:
    case TIME_EXCEEDED:
    case PARAMETER_PROBLEM:
      return beginQuote(cursor, byteAt(bytes, offset + QUOTE_LENGTH) * 4);
    default:
      return NEXT.nothing;
  }
}
