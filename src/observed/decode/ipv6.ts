import { byteAt, int32At, uint16At } from "./bytes.js";
import { NEXT, type Cursor, type Next } from "./cursor.js";
import { openIpPacket, setPayload } from "./ip-packet.js";
import { skipExtensionHeaders } from "./ipv6-extensions.js";
import type { IpPacket } from "./packet.js";
import { header, malformed, tooShort } from "./stopping.js";

// RFC 8200 §3. Offsets in bytes; every field is big-endian.
const VERSION = 0;
const PAYLOAD_LENGTH = 4;
const NEXT_HEADER = 6;
const HOP_LIMIT = 7;
const SOURCE = 8;
const DESTINATION = 24;
const HEADER = header("IPv6 header", 40);

/** RFC 8200 §4.7 */
const NO_NEXT_HEADER = 59;

const layer = HEADER.layer;
const OTHER_VERSION = { layer, reason: "version is not 6" };
const BEYOND_CONTAINER = { layer, reason: "payload length is beyond what carries the packet" };

export function decodeIpv6(cursor: Cursor): Next {
  const { bytes, offset } = cursor;
  if (cursor.end - offset < HEADER.bytes) return tooShort(cursor, HEADER);
  if (byteAt(bytes, offset + VERSION) >> 4 !== 6) return malformed(cursor, OTHER_VERSION);

  const ip = openIpPacket(cursor);
  if (ip === undefined) return NEXT.nothing;
  readHeader(cursor, ip);
  limitToPayloadLength(cursor, uint16At(bytes, offset + PAYLOAD_LENGTH));
  cursor.offset = offset + HEADER.bytes;
  setPayload(cursor);
  return skipExtensionHeaders(cursor);
}

function readHeader({ bytes, offset }: Cursor, ip: IpPacket): void {
  ip.version = 6;
  ip.protocol = byteAt(bytes, offset + NEXT_HEADER);
  ip.ttl = byteAt(bytes, offset + HOP_LIMIT);
  for (let word = 0; word < 4; word++) {
    ip.source[word] = int32At(bytes, offset + SOURCE + word * 4);
    ip.destination[word] = int32At(bytes, offset + DESTINATION + word * 4);
  }
}

function limitToPayloadLength(cursor: Cursor, payloadLength: number): void {
  // 0 means a jumbogram (RFC 2675 §3), or BIG TCP, whose jumbo option Linux leaves out on the way
  // to the capture: the record ends it. With no next header there is simply nothing.
  if (payloadLength === 0 && cursor.ip.protocol !== NO_NEXT_HEADER) return;
  const end = cursor.offset + HEADER.bytes + payloadLength;
  if (cursor.isBeyondContainer(end)) malformed(cursor, BEYOND_CONTAINER);
  else cursor.limitTo(end, "IPv6 payload length");
}
