import { uint16At } from "./bytes.js";
import { NEXT, type Cursor, type Next } from "./cursor.js";
import { isFragment } from "./fragment.js";
import { clearPayload, setPayload, setPayloadCut } from "./ip-packet.js";
import { PORTS_BYTES, readPorts } from "./ports.js";
import { header, malformed, tooShort } from "./stopping.js";

// RFC 768. Offsets in bytes; every field is big-endian. Ports come first.
const LENGTH = 4;
const HEADER = header("UDP header", 8);

const layer = HEADER.layer;
const SHORT_LENGTH = { layer, reason: "length is below 8 bytes (RFC 768)" };
const LONG_LENGTH = { layer, reason: "length is beyond the end of the IP packet" };

export function decodeUdp(cursor: Cursor): Next {
  const { bytes, offset, ip } = cursor;
  const available = cursor.end - offset;
  ip.transportOffset = offset;
  if (available >= PORTS_BYTES) readPorts(cursor);
  if (available < HEADER.bytes) {
    setPayloadCut(cursor, HEADER.bytes);
    return tooShort(cursor, HEADER);
  }
  const length = uint16At(bytes, offset + LENGTH);
  ip.udpLength = length;
  clearPayload(cursor);
  // 0 means a jumbogram (RFC 2675 §4), or BIG TCP in a tunnel: the IP packet ends it.
  if (length !== 0 && length < HEADER.bytes) return malformed(cursor, SHORT_LENGTH);

  const datagramEnd = length === 0 ? cursor.wireEnd : offset + length;
  const isWhole = datagramEnd <= cursor.wireEnd;
  if (isWhole) cursor.limitTo(datagramEnd, length === 0 ? cursor.limit : "UDP length");
  cursor.offset = offset + HEADER.bytes;
  setPayload(cursor);
  if (isWhole) return NEXT.udpPayload;
  return isFragment(ip) ? NEXT.udpPayload : malformed(cursor, LONG_LENGTH);
}
