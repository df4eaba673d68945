import { NEXT, type Cursor, type Decoder, type Next } from "./cursor.js";
import { decodeGeneve } from "./geneve.js";
import { decodeVxlan } from "./vxlan.js";

/** Every tunnel on UDP that we read, by destination port. To add one: write its file, add its line. */
const UDP_TUNNELS: readonly (readonly [port: number, decode: Decoder])[] = [
  [4789, decodeVxlan],
  // Linux's default, and so flannel's and Cilium's: from before IANA assigned 4789.
  [8472, decodeVxlan],
  [6081, decodeGeneve],
];

/** A tunnel, if the port says so. Any other payload is the application's. */
export function decodeUdpPayload(cursor: Cursor): Next {
  if (cursor.quotedBy) return NEXT.nothing;
  const { destinationPort } = cursor.ip;
  for (const [port, decode] of UDP_TUNNELS) {
    if (port === destinationPort) return decode(cursor);
  }
  return NEXT.nothing;
}
