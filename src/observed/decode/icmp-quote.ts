import { NEXT, type Cursor, type Next } from "./cursor.js";

/**
 * The packet an ICMP error quotes is read like any IP packet, into `ip.quoted`, as far as it goes.
 * `lengthBytes` is the quote's length where the message has one (RFC 4884), else 0: the message
 * ends it. Behind it come extensions.
 */
export function beginQuote(cursor: Cursor, lengthBytes: number): Next {
  // RFC 1122 §3.2.2: no error is sent about an error. A quote in a quote is not followed.
  if (cursor.quotedBy) return NEXT.nothing;
  const { offset, end, wireEnd } = cursor;
  const isLimited = lengthBytes > 0 && offset + lengthBytes < wireEnd;
  cursor.quotedBy = cursor.ip;
  cursor.quoteEnd = isLimited ? offset + lengthBytes : wireEnd;
  cursor.wireEnd = cursor.quoteEnd;
  cursor.end = Math.min(end, cursor.quoteEnd);
  return NEXT.ip;
}
