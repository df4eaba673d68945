import { byteAt, uint16At } from "./bytes.js";
import { NEXT, type Cursor, type Next } from "./cursor.js";
import { faultPerNumber, header, tooShort, unsupported } from "./stopping.js";

/** RFC 1661 §2. */
const HEADER = header("PPP protocol", 2);
/** RFC 1661 §6.5: the first byte of a whole field is even, so an odd one stands alone. */
const COMPRESSED = header("PPP protocol", 1);

/** IANA "PPP DLL Protocol Numbers" and the EtherType of the same protocol. */
const ETHER_TYPES: ReadonlyMap<number, number> = new Map([
  [0x0021, 0x0800], // RFC 1332
  [0x0057, 0x86dd], // RFC 5072
  [0x0281, 0x8847], // RFC 3032 §4.3
  [0x0283, 0x8848],
]);

const NAMES: ReadonlyMap<number, string> = new Map([
  [0x002d, "Van Jacobson compressed TCP/IP"],
  [0x002f, "Van Jacobson uncompressed TCP/IP"],
  [0x003d, "Multilink"],
  [0x00fd, "compressed datagram"],
  [0x8021, "IPCP"],
  [0x8057, "IPV6CP"],
  [0x80fd, "CCP"],
  [0xc021, "LCP"],
  [0xc023, "PAP"],
  [0xc025, "LQR"],
  [0xc223, "CHAP"],
]);

/** Reads PPP's protocol field, and goes on to what it names. */
export function enterPppProtocol(cursor: Cursor): Next {
  const { bytes, offset } = cursor;
  if (cursor.end === offset) return tooShort(cursor, COMPRESSED);
  const isCompressed = (byteAt(bytes, offset) & 1) === 1;
  const needed = isCompressed ? COMPRESSED : HEADER;
  if (cursor.end - offset < needed.bytes) return tooShort(cursor, needed);
  const protocol = isCompressed ? byteAt(bytes, offset) : uint16At(bytes, offset);
  const etherType = ETHER_TYPES.get(protocol);
  if (etherType === undefined) return unsupported(cursor, unknownProtocol(protocol));
  cursor.offset = offset + needed.bytes;
  cursor.etherType = etherType;
  return NEXT.etherType;
}

const unknownProtocol = faultPerNumber((value) => {
  const hex = `0x${value.toString(16).padStart(4, "0")}`;
  const name = NAMES.get(value);
  return {
    layer: HEADER.layer,
    reason: name === undefined ? `PPP protocol ${hex}` : `PPP protocol ${hex} (${name})`,
  };
});
