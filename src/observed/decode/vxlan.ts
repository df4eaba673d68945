import { byteAt, uint32At } from "./bytes.js";
import { NEXT, type Cursor, type Next } from "./cursor.js";
import { enterEthernet } from "./ether-type.js";
import { header, tooShort } from "./stopping.js";
import { enterTunnel } from "./tunnel.js";

// RFC 7348 §5: flags, reserved, network identifier (24 bits), reserved.
const FLAGS = 0;
const NETWORK_IDENTIFIER = 4;
const HEADER = header("VXLAN header", 8);

const VALID_IDENTIFIER = 0x08;

export function decodeVxlan(cursor: Cursor): Next {
  const { bytes, offset } = cursor;
  // The port alone is no proof: without room for a header, or without its flag, it is plain UDP.
  if (cursor.wireEnd - offset < HEADER.bytes) return NEXT.nothing;
  if (cursor.end - offset < HEADER.bytes) return tooShort(cursor, HEADER);
  if ((byteAt(bytes, offset + FLAGS) & VALID_IDENTIFIER) === 0) return NEXT.nothing;
  if (!enterTunnel(cursor, "vxlan", uint32At(bytes, offset + NETWORK_IDENTIFIER) >>> 8)) {
    return NEXT.nothing;
  }
  cursor.offset = offset + HEADER.bytes;
  return enterEthernet(cursor);
}
