import { uint16At } from "./bytes.js";
import type { Cursor } from "./cursor.js";

// TCP, UDP and SCTP start alike (RFC 9293 §3.1, RFC 768, RFC 9260 §3.1).
const SOURCE_PORT = 0;
const DESTINATION_PORT = 2;
export const PORTS_BYTES = 4;

/** Reads both ports. The caller has checked that they are there. */
export function readPorts({ bytes, offset, ip }: Cursor): void {
  ip.hasTransport = true;
  ip.sourcePort = uint16At(bytes, offset + SOURCE_PORT);
  ip.destinationPort = uint16At(bytes, offset + DESTINATION_PORT);
}
