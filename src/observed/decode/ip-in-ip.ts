import { NEXT, type Cursor, type Next } from "./cursor.js";
import { enterTunnel } from "./tunnel.js";

/** IPv4 behind an IP header: RFC 2003, and RFC 2473 in IPv6. */
export function decodeIpv4InIp(cursor: Cursor): Next {
  if (!enterTunnel(cursor, cursor.ip.version === 4 ? "ipip" : "4in6", 0)) return NEXT.nothing;
  cursor.etherType = 0x0800;
  return NEXT.etherType;
}

/** IPv6 behind an IP header: RFC 4213 §3, and RFC 2473 in IPv6, which Linux calls `ip6ip6`. */
export function decodeIpv6InIp(cursor: Cursor): Next {
  if (!enterTunnel(cursor, cursor.ip.version === 4 ? "6in4" : "ipip", 0)) return NEXT.nothing;
  cursor.etherType = 0x86dd;
  return NEXT.etherType;
}
