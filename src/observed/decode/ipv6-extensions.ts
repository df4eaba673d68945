import { byteAt, int32At, uint16At } from "./bytes.js";
import { NEXT, type Cursor, type Next } from "./cursor.js";
import { setPayload } from "./ip-packet.js";
import { endsInside, header, tooShort, unsupported, variablePart } from "./stopping.js";

// RFC 8200 §4.3, §4.4, §4.6, and RFC 4302 §2 for AH: all start with these two.
const NEXT_HEADER = 0;
const HEADER_LENGTH = 1;
/** The least that any extension header has. */
const HEADER = header("IPv6 extension header", 8);

// RFC 8200 §4.5, the fragment header.
const FRAGMENT_OFFSET = 2;
const FRAGMENT_ID = 4;

// IANA "IPv6 Extension Header Types". ESP is opaque, and ends the chain like a transport.
const HOP_BY_HOP = 0;
const ROUTING = 43;
const FRAGMENT = 44;
const AUTHENTICATION = 51;
const NO_NEXT_HEADER = 59;
const DESTINATION_OPTIONS = 60;

/** RFC 8200 §4.1 allows each header once and destination options twice: 6 in all. */
const MAX_EXTENSION_HEADERS = 16;

const layer = HEADER.layer;
const TOO_MANY = { layer, reason: `more than ${MAX_EXTENSION_HEADERS} in one packet` };
const WHOLE = variablePart(layer);

/** Moves on to the transport header, and sets `ip.protocol` to it. */
export function skipExtensionHeaders(cursor: Cursor): Next {
  const { bytes, ip } = cursor;
  for (let count = 0; isExtensionHeader(ip.protocol); count++) {
    if (count === MAX_EXTENSION_HEADERS) return unsupported(cursor, TOO_MANY);
    const { offset } = cursor;
    if (cursor.end - offset < HEADER.bytes) return tooShort(cursor, HEADER);
    const kind = ip.protocol;
    const next = offset + lengthOf(kind, byteAt(bytes, offset + HEADER_LENGTH));
    if (next > cursor.end) return endsInside(cursor, next, WHOLE);
    ip.protocol = byteAt(bytes, offset + NEXT_HEADER);
    if (kind === FRAGMENT) readFragmentHeader(cursor);
    cursor.offset = next;
    setPayload(cursor);
    if (ip.fragmentOffset > 0) return NEXT.nothing;
  }
  return ip.protocol === NO_NEXT_HEADER ? NEXT.nothing : NEXT.ipProtocol;
}

function isExtensionHeader(protocol: number): boolean {
  return (
    protocol === HOP_BY_HOP ||
    protocol === ROUTING ||
    protocol === FRAGMENT ||
    protocol === AUTHENTICATION ||
    protocol === DESTINATION_OPTIONS
  );
}

/** In bytes. Fragment headers have no length field; AH counts 4-byte units, and from 2 (RFC 4302 §2.2). */
function lengthOf(kind: number, lengthField: number): number {
  if (kind === FRAGMENT) return 8;
  return kind === AUTHENTICATION ? (lengthField + 2) * 4 : (lengthField + 1) * 8;
}

function readFragmentHeader({ bytes, offset, ip }: Cursor): void {
  const offsetAndMore = uint16At(bytes, offset + FRAGMENT_OFFSET);
  // The offset counts units of 8 bytes in the upper 13 bits, which is bytes with 3 bits cleared.
  ip.fragmentOffset = offsetAndMore & 0xfff8;
  ip.moreFragments = (offsetAndMore & 1) !== 0;
  ip.id = int32At(bytes, offset + FRAGMENT_ID) >>> 0;
}
