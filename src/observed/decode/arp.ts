import { byteAt, uint16At, uint32At } from "./bytes.js";
import { NEXT, type Cursor, type Next } from "./cursor.js";
import { header, tooShort, unsupported } from "./stopping.js";

// RFC 826, with the address lengths of Ethernet and IPv4. Offsets in bytes; big-endian.
const HARDWARE_TYPE = 0;
const PROTOCOL_TYPE = 2;
const HARDWARE_LENGTH = 4;
const PROTOCOL_LENGTH = 5;
const OPERATION = 6;
const SENDER_ADDRESS = 14;
const TARGET_ADDRESS = 24;
const FIXED_PART = header("ARP header", 8);
const MESSAGE = header("ARP message", 28);

const ETHERNET = 1;
const IPV4 = 0x0800;

const NOT_ETHERNET_IPV4 = {
  layer: FIXED_PART.layer,
  reason: "its addresses are not Ethernet's and IPv4's",
};

export function decodeArp(cursor: Cursor): Next {
  const { bytes, offset } = cursor;
  const available = cursor.end - offset;
  if (available < FIXED_PART.bytes) return tooShort(cursor, FIXED_PART);
  const isEthernetIpv4 =
    uint16At(bytes, offset + HARDWARE_TYPE) === ETHERNET &&
    uint16At(bytes, offset + PROTOCOL_TYPE) === IPV4 &&
    byteAt(bytes, offset + HARDWARE_LENGTH) === 6 &&
    byteAt(bytes, offset + PROTOCOL_LENGTH) === 4;
  if (!isEthernetIpv4) return unsupported(cursor, NOT_ETHERNET_IPV4);
  if (available < MESSAGE.bytes) return tooShort(cursor, MESSAGE);
  cursor.into.arp = {
    operation: uint16At(bytes, offset + OPERATION),
    senderAddress: uint32At(bytes, offset + SENDER_ADDRESS),
    targetAddress: uint32At(bytes, offset + TARGET_ADDRESS),
  };
  return NEXT.nothing;
}
