import { NEXT, type Cursor, type Decoder, type Next } from "./cursor.js";

/** Every tunnel on UDP that we read, by destination port. To add one: write its file, add its line. */
const UDP_TUNNELS: readonly (readonly [port: number, decode: Decoder])[] = [];

/** A tunnel, if the port says so. Any other payload is the application's. */
export function decodeUdpPayload(cursor: Cursor): Next {
  if (cursor.quotedBy) return NEXT.nothing;
  const { destinationPort } = cursor.ip;
  for (const [port, decode] of UDP_TUNNELS) {
    if (port === destinationPort) return decode(cursor);
  }
  return NEXT.nothing;
}
