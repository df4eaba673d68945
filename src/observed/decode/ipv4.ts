import { byteAt, int32At, uint16At } from "./bytes.js";
import { NEXT, type Cursor, type Next } from "./cursor.js";
import { openIpPacket, setPayload } from "./ip-packet.js";
import type { IpPacket } from "./packet.js";
import { endsInside, header, malformed, tooShort, variablePart } from "./stopping.js";

// RFC 791 §3.1. Offsets in bytes; every field is big-endian.
const VERSION_AND_LENGTH = 0;
const TOTAL_LENGTH = 2;
const IDENTIFICATION = 4;
const FLAGS_AND_OFFSET = 6;
const TIME_TO_LIVE = 8;
const PROTOCOL = 9;
const SOURCE = 12;
const DESTINATION = 16;
const HEADER = header("IPv4 header", 20);

const DONT_FRAGMENT = 0x4000;
const MORE_FRAGMENTS = 0x2000;
/** In units of 8 bytes. */
const FRAGMENT_OFFSET = 0x1fff;

const layer = HEADER.layer;
const OTHER_VERSION = { layer, reason: "version is not 4" };
const SHORT_HEADER = { layer, reason: "header length is below 20 bytes (RFC 791 §3.1)" };
const SHORT_TOTAL = { layer, reason: "total length is below the header length" };
const BEYOND_CONTAINER = { layer, reason: "total length is beyond what carries the packet" };
const OPTIONS = variablePart("IPv4 options");

export function decodeIpv4(cursor: Cursor): Next {
  const { bytes, offset } = cursor;
  if (cursor.end - offset < HEADER.bytes) return tooShort(cursor, HEADER);
  const versionAndLength = byteAt(bytes, offset + VERSION_AND_LENGTH);
  if (versionAndLength >> 4 !== 4) return malformed(cursor, OTHER_VERSION);
  const headerLength = (versionAndLength & 15) * 4;
  if (headerLength < HEADER.bytes) return malformed(cursor, SHORT_HEADER);
  const totalLength = uint16At(bytes, offset + TOTAL_LENGTH);
  if (totalLength !== 0 && totalLength < headerLength) return malformed(cursor, SHORT_TOTAL);

  const ip = openIpPacket(cursor);
  if (ip === undefined) return NEXT.nothing;
  readHeader(cursor, ip);
  limitToTotalLength(cursor, totalLength);

  const payload = offset + headerLength;
  cursor.offset = Math.min(payload, cursor.end);
  setPayload(cursor);
  if (payload > cursor.end) return endsInside(cursor, payload, OPTIONS);
  // RFC 791 §3.2: only the first fragment holds the transport header.
  return ip.fragmentOffset > 0 ? NEXT.nothing : NEXT.ipProtocol;
}

function readHeader({ bytes, offset }: Cursor, ip: IpPacket): void {
  ip.version = 4;
  ip.id = uint16At(bytes, offset + IDENTIFICATION);
  const flagsAndOffset = uint16At(bytes, offset + FLAGS_AND_OFFSET);
  ip.dontFragment = (flagsAndOffset & DONT_FRAGMENT) !== 0;
  ip.moreFragments = (flagsAndOffset & MORE_FRAGMENTS) !== 0;
  ip.fragmentOffset = (flagsAndOffset & FRAGMENT_OFFSET) * 8;
  ip.ttl = byteAt(bytes, offset + TIME_TO_LIVE);
  ip.protocol = byteAt(bytes, offset + PROTOCOL);
  setAddress(ip.source, int32At(bytes, offset + SOURCE));
  setAddress(ip.destination, int32At(bytes, offset + DESTINATION));
}

function setAddress(words: Int32Array, address: number): void {
  words[0] = 0;
  words[1] = 0;
  words[2] = 0;
  words[3] = address;
}

function limitToTotalLength(cursor: Cursor, totalLength: number): void {
  // With TSO or BIG TCP the sender's own capture can show a total length of 0; the record ends it.
  if (totalLength === 0) return;
  const end = cursor.offset + totalLength;
  if (cursor.isBeyondContainer(end)) malformed(cursor, BEYOND_CONTAINER);
  // Bytes of the frame behind `end` are Ethernet's padding.
  else cursor.limitTo(end, "IPv4 total length");
}
