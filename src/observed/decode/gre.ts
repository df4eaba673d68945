import { uint16At, uint32At } from "./bytes.js";
import { NEXT, type Cursor, type Next } from "./cursor.js";
import { header, tooShort, unsupported, type Header } from "./stopping.js";
import { enterTunnel } from "./tunnel.js";

// RFC 2784 §2.1 and RFC 2890 §2: flags and version, protocol, then as flagged, 4 bytes each:
// checksum (with a reserved half), key, sequence number.
const FLAGS_AND_VERSION = 0;
const PROTOCOL = 2;
const FIXED_PART = header("GRE header", 4);
/** By how many of the three are there. */
const HEADERS: readonly Header[] = [4, 8, 12, 16].map((bytes) => header("GRE header", bytes));

const CHECKSUM = 0x8000;
const ROUTING = 0x4000;
const KEY = 0x2000;
const SEQUENCE = 0x1000;
const VERSION = 0x0007;

const layer = FIXED_PART.layer;
const OTHER_VERSION = { layer, reason: "version is not 0; 1 is PPTP's (RFC 2637)" };
const SOURCE_ROUTED = { layer, reason: "source routing (RFC 1701, left out of RFC 2784)" };

export function decodeGre(cursor: Cursor): Next {
  const { bytes, offset } = cursor;
  const available = cursor.end - offset;
  if (available < FIXED_PART.bytes) return tooShort(cursor, FIXED_PART);
  const flags = uint16At(bytes, offset + FLAGS_AND_VERSION);
  if ((flags & VERSION) !== 0) return unsupported(cursor, OTHER_VERSION);
  if (flags & ROUTING) return unsupported(cursor, SOURCE_ROUTED);
  const whole = HEADERS[countFields(flags)] ?? FIXED_PART;
  if (available < whole.bytes) return tooShort(cursor, whole);
  if (!enterTunnel(cursor, "gre", keyAt(bytes, offset, flags))) return NEXT.nothing;
  cursor.offset = offset + whole.bytes;
  cursor.etherType = uint16At(bytes, offset + PROTOCOL);
  return NEXT.etherType;
}

function countFields(flags: number): number {
  return (flags & CHECKSUM ? 1 : 0) + (flags & KEY ? 1 : 0) + (flags & SEQUENCE ? 1 : 0);
}

function keyAt(bytes: Uint8Array, offset: number, flags: number): number {
  if ((flags & KEY) === 0) return 0;
  return uint32At(bytes, offset + FIXED_PART.bytes + (flags & CHECKSUM ? 4 : 0));
}
