import { byteAt } from "./bytes.js";
import { NEXT, type Cursor, type Next } from "./cursor.js";
import { setPayload } from "./ip-packet.js";
import { endsInside, header, tooShort, variablePart } from "./stopping.js";

// RFC 4302 §2: what follows, and the header's length in 4-byte words less 2.
const NEXT_HEADER = 0;
const LENGTH = 1;
const HEADER = header("AH header", 12);
const WHOLE = variablePart("AH header");

/** IPsec's AH behind IPv4: it signs the packet and leaves it readable. In IPv6 it is an extension header. */
export function decodeAuthenticationHeader(cursor: Cursor): Next {
  const { bytes, offset, ip } = cursor;
  if (cursor.end - offset < HEADER.bytes) return tooShort(cursor, HEADER);
  const payload = offset + (byteAt(bytes, offset + LENGTH) + 2) * 4;
  if (payload > cursor.end) return endsInside(cursor, payload, WHOLE);
  ip.protocol = byteAt(bytes, offset + NEXT_HEADER);
  cursor.offset = payload;
  setPayload(cursor);
  return NEXT.ipProtocol;
}
