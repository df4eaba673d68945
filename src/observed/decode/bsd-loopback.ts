import { int32At } from "./bytes.js";
import { NEXT, type Cursor, type Next } from "./cursor.js";
import type { LinkType } from "./link-type.js";
import { faultPerNumber, header, tooShort, unsupported } from "./stopping.js";

/** The address family, an AF_ value of the system that captured. */
const HEADER = header("BSD loopback header", 4);

/** AF_INET is 2 everywhere; AF_INET6 is Linux's, NetBSD's and OpenBSD's, FreeBSD's, Darwin's. */
const ETHER_TYPES: ReadonlyMap<number, number> = new Map([
  [2, 0x0800],
  [10, 0x86dd],
  [24, 0x86dd],
  [28, 0x86dd],
  [30, 0x86dd],
]);

/** In the byte order of the machine that captured. */
export const bsdNull: LinkType = { value: 0, name: "NULL", decode: decodeLoopback };

/** OpenBSD's, big-endian. */
export const bsdLoop: LinkType = { value: 108, name: "LOOP", decode: decodeLoopback };

function decodeLoopback(cursor: Cursor): Next {
  const { bytes, offset } = cursor;
  if (cursor.end - offset < HEADER.bytes) return tooShort(cursor, HEADER);
  const family = addressFamily(int32At(bytes, offset));
  const etherType = ETHER_TYPES.get(family);
  if (etherType === undefined) return unsupported(cursor, unknownFamily(family));
  cursor.offset = offset + HEADER.bytes;
  cursor.etherType = etherType;
  return NEXT.etherType;
}

/** All families fit in a byte, so the byte that is not 0 tells the order. */
function addressFamily(bigEndian: number): number {
  return (bigEndian & 0x00ffffff) === 0 ? bigEndian >>> 24 : bigEndian >>> 0;
}

const unknownFamily = faultPerNumber((value) => ({
  layer: HEADER.layer,
  reason: `address family ${value}`,
}));
