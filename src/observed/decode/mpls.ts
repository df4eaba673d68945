import { byteAt } from "./bytes.js";
import { NEXT, type Cursor, type Next } from "./cursor.js";
import { header, tooShort, unsupported } from "./stopping.js";

// RFC 3032 §2.1: label, traffic class, bottom of stack, TTL.
const CLASS_AND_BOTTOM = 2;
const HEADER = header("MPLS label", 4);

const BOTTOM_OF_STACK = 0x01;
const MAX_LABELS = 16;
const TOO_MANY = { layer: HEADER.layer, reason: `more than ${MAX_LABELS} in a row` };

/** RFC 4385 §3: a pseudowire starts with 0 or 1 so that it is not taken for IP. */
const NOT_IP = { layer: "MPLS payload", reason: "neither IPv4 nor IPv6: a pseudowire or the like" };

/** The whole label stack. Nothing in it says what follows, only the first bits of what does. */
export function decodeMpls(cursor: Cursor): Next {
  for (let labels = 0; labels < MAX_LABELS; labels++) {
    if (cursor.end - cursor.offset < HEADER.bytes) return tooShort(cursor, HEADER);
    const classAndBottom = byteAt(cursor.bytes, cursor.offset + CLASS_AND_BOTTOM);
    cursor.offset += HEADER.bytes;
    if (classAndBottom & BOTTOM_OF_STACK) return enterPayload(cursor);
  }
  return unsupported(cursor, TOO_MANY);
}

function enterPayload(cursor: Cursor): Next {
  if (cursor.offset >= cursor.end) return NEXT.ip;
  const version = byteAt(cursor.bytes, cursor.offset) >> 4;
  return version === 4 || version === 6 ? NEXT.ip : unsupported(cursor, NOT_IP);
}
