import { byteAt, uint16At, uint32At } from "./bytes.js";
import type { Cursor, Next } from "./cursor.js";
import type { LinkType } from "./link-type.js";
import { enterCookedProtocol, setDirection } from "./linux-cooked.js";
import { header, tooShort } from "./stopping.js";

// tcpdump.org/linktypes/LINKTYPE_LINUX_SLL2.html: protocol, reserved, interface index, ARPHRD type,
// packet type, address length, address.
const PROTOCOL = 0;
const INTERFACE_INDEX = 4;
const HARDWARE_TYPE = 8;
const PACKET_TYPE = 10;
const HEADER = header("Linux SLL2 header", 20);

/** What `tcpdump -i any` writes since libpcap 1.10. */
export const linuxSll2: LinkType = { value: 276, name: "LINUX_SLL2", decode: decodeLinuxSll2 };

function decodeLinuxSll2(cursor: Cursor): Next {
  const { bytes, offset } = cursor;
  if (cursor.end - offset < HEADER.bytes) return tooShort(cursor, HEADER);
  cursor.into.interfaceIndex = uint32At(bytes, offset + INTERFACE_INDEX);
  setDirection(cursor.into, byteAt(bytes, offset + PACKET_TYPE));
  const hardwareType = uint16At(bytes, offset + HARDWARE_TYPE);
  cursor.etherType = uint16At(bytes, offset + PROTOCOL);
  cursor.offset = offset + HEADER.bytes;
  return enterCookedProtocol(cursor, hardwareType);
}
