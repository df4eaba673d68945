import { byteAt } from "./bytes.js";
import type { Cursor, Next } from "./cursor.js";
import { decodeIpv4 } from "./ipv4.js";
import { decodeIpv6 } from "./ipv6.js";
import { header, malformed, tooShort } from "./stopping.js";

const HEADER = header("IP header", 1);
const OTHER_VERSION = { layer: HEADER.layer, reason: "version is neither 4 nor 6" };

/** IPv4 or IPv6, where nothing before says which. */
export function decodeIp(cursor: Cursor): Next {
  if (cursor.offset >= cursor.end) return tooShort(cursor, HEADER);
  switch (byteAt(cursor.bytes, cursor.offset) >> 4) {
    case 4:
      return decodeIpv4(cursor);
    case 6:
      return decodeIpv6(cursor);
    default:
      return malformed(cursor, OTHER_VERSION);
  }
}
