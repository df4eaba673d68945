import { byteAt, uint16At, uint32At } from "./bytes.js";
import { NEXT, type Cursor, type Next } from "./cursor.js";
import { clearPayload, setPayload, setPayloadCut } from "./ip-packet.js";
import { readPorts } from "./ports.js";
import { endsInside, header, malformed, tooShort, variablePart } from "./stopping.js";
import { readTcpOptions } from "./tcp-options.js";

// RFC 9293 §3.1. Offsets in bytes; every field is big-endian. Ports come first.
const SEQUENCE = 4;
const ACKNOWLEDGMENT = 8;
const DATA_OFFSET = 12;
const FLAGS = 13;
const WINDOW = 14;
const HEADER = header("TCP header", 20);

/** What RFC 792 asks an ICMP error to quote, and enough to know the connection. */
const QUOTED_BYTES = 8;

/** The bits of `IpPacket.flags`. */
export const TCP_FLAG = {
  fin: 0x01,
  syn: 0x02,
  rst: 0x04,
  psh: 0x08,
  ack: 0x10,
  urg: 0x20,
  ece: 0x40,
  cwr: 0x80,
} as const;

const SHORT_HEADER = {
  layer: HEADER.layer,
  reason: "data offset is below 5 words (RFC 9293 §3.1)",
};
const WHOLE_HEADER = variablePart(HEADER.layer);

export function decodeTcp(cursor: Cursor): Next {
  const { bytes, offset, ip } = cursor;
  const available = cursor.end - offset;
  ip.transportOffset = offset;
  if (available < HEADER.bytes) return readPart(cursor, available);
  readPorts(cursor);
  ip.seq = uint32At(bytes, offset + SEQUENCE);
  ip.ack = uint32At(bytes, offset + ACKNOWLEDGMENT);
  ip.flags = byteAt(bytes, offset + FLAGS);
  ip.window = uint16At(bytes, offset + WINDOW);

  const headerLength = headerLengthAt(bytes, offset);
  clearPayload(cursor);
  if (headerLength < HEADER.bytes) return malformed(cursor, SHORT_HEADER);
  if (offset + headerLength > cursor.wireEnd) {
    return endsInside(cursor, offset + headerLength, WHOLE_HEADER);
  }
  if (headerLength > HEADER.bytes) readTcpOptions(cursor, headerLength);
  cursor.offset = offset + headerLength;
  setPayload(cursor);
  return NEXT.nothing;
}

/** The first fields, if they are enough to know the connection. Flags may stay 0: see the stop. */
function readPart(cursor: Cursor, available: number): Next {
  const { bytes, offset, ip } = cursor;
  if (available < QUOTED_BYTES) return tooShort(cursor, HEADER);
  readPorts(cursor);
  ip.seq = uint32At(bytes, offset + SEQUENCE);
  if (available >= ACKNOWLEDGMENT + 4) ip.ack = uint32At(bytes, offset + ACKNOWLEDGMENT);
  if (available > FLAGS) ip.flags = byteAt(bytes, offset + FLAGS);
  if (available >= WINDOW + 2) ip.window = uint16At(bytes, offset + WINDOW);
  // Without the data offset the payload's length is not known.
  if (available > DATA_OFFSET) setPayloadCut(cursor, headerLengthAt(bytes, offset));
  else clearPayload(cursor);
  return tooShort(cursor, HEADER);
}

function headerLengthAt(bytes: Uint8Array, offset: number): number {
  return (byteAt(bytes, offset + DATA_OFFSET) >> 4) * 4;
}
