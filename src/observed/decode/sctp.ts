import { NEXT, type Cursor, type Next } from "./cursor.js";
import { setPayload, setPayloadCut } from "./ip-packet.js";
import { PORTS_BYTES, readPorts } from "./ports.js";
import { header, tooShort } from "./stopping.js";

// RFC 9260 §3.1: ports, verification tag, checksum.
const HEADER = header("SCTP header", 12);

export function decodeSctp(cursor: Cursor): Next {
  const available = cursor.end - cursor.offset;
  if (available >= PORTS_BYTES) readPorts(cursor);
  if (available < HEADER.bytes) {
    setPayloadCut(cursor, HEADER.bytes);
    return tooShort(cursor, HEADER);
  }
  cursor.offset += HEADER.bytes;
  setPayload(cursor);
  return NEXT.nothing;
}
