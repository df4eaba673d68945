import { byteAt, uint16At } from "./bytes.js";
import type { Cursor, Next } from "./cursor.js";
import { enterPppProtocol } from "./ppp-protocol.js";
import { header, malformed, tooShort, unsupported } from "./stopping.js";

// RFC 2516 §4: version and type, code, session, length. Then PPP without its HDLC framing.
const VERSION_AND_TYPE = 0;
const CODE = 1;
const LENGTH = 4;
const HEADER = header("PPPoE header", 6);

const layer = HEADER.layer;
const OTHER_VERSION = { layer, reason: "version and type are not 1 and 1 (RFC 2516 §4)" };
const NOT_SESSION = { layer, reason: "code is not 0, as a session's is (RFC 2516 §6)" };
const BEYOND_CONTAINER = { layer, reason: "length is beyond what carries the packet" };

/** A session's packet; discovery has an EtherType of its own. */
export function decodePppoe(cursor: Cursor): Next {
  const { bytes, offset } = cursor;
  if (cursor.end - offset < HEADER.bytes) return tooShort(cursor, HEADER);
  if (byteAt(bytes, offset + VERSION_AND_TYPE) !== 0x11) return unsupported(cursor, OTHER_VERSION);
  if (byteAt(bytes, offset + CODE) !== 0) return malformed(cursor, NOT_SESSION);
  const end = offset + HEADER.bytes + uint16At(bytes, offset + LENGTH);
  if (cursor.isBeyondContainer(end)) return malformed(cursor, BEYOND_CONTAINER);
  cursor.limitTo(end, "PPPoE length");
  cursor.offset = offset + HEADER.bytes;
  return enterPppProtocol(cursor);
}
