import { byteAt, uint16At, uint32At } from "./bytes.js";
import { NEXT, type Cursor, type Next } from "./cursor.js";
import { endsInside, header, tooShort, unsupported, variablePart } from "./stopping.js";
import { enterTunnel } from "./tunnel.js";

// RFC 8926 §3.4: version and option length, flags, protocol, network identifier (24 bits), reserved.
const VERSION_AND_OPTIONS = 0;
const PROTOCOL = 2;
const NETWORK_IDENTIFIER = 4;
const HEADER = header("Geneve header", 8);

/** Of the first byte, in 4-byte words. */
const OPTIONS_LENGTH = 0x3f;

const OTHER_VERSION = { layer: HEADER.layer, reason: "version is not 0 (RFC 8926 §3.4)" };
const OPTIONS = variablePart("Geneve options");

export function decodeGeneve(cursor: Cursor): Next {
  const { bytes, offset } = cursor;
  // The port alone is no proof: what has no room for a header is plain UDP.
  if (cursor.wireEnd - offset < HEADER.bytes) return NEXT.nothing;
  if (cursor.end - offset < HEADER.bytes) return tooShort(cursor, HEADER);
  const versionAndOptions = byteAt(bytes, offset + VERSION_AND_OPTIONS);
  if (versionAndOptions >> 6 !== 0) return unsupported(cursor, OTHER_VERSION);
  if (!enterTunnel(cursor, "geneve", uint32At(bytes, offset + NETWORK_IDENTIFIER) >>> 8)) {
    return NEXT.nothing;
  }
  const payload = offset + HEADER.bytes + (versionAndOptions & OPTIONS_LENGTH) * 4;
  if (payload > cursor.end) return endsInside(cursor, payload, OPTIONS);
  cursor.offset = payload;
  cursor.etherType = uint16At(bytes, offset + PROTOCOL);
  return NEXT.etherType;
}
