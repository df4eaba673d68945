import { uint16At } from "./bytes.js";
import type { Cursor, Next } from "./cursor.js";
import type { LinkType } from "./link-type.js";
import { enterCookedProtocol, setDirection } from "./linux-cooked.js";
import { header, tooShort } from "./stopping.js";

// tcpdump.org/linktypes/LINKTYPE_LINUX_SLL.html: packet type, ARPHRD type, address length, address,
// protocol.
const PACKET_TYPE = 0;
const HARDWARE_TYPE = 2;
const PROTOCOL = 14;
const HEADER = header("Linux SLL header", 16);

/** What `tcpdump -i any` writes up to libpcap 1.9. It does not tell the interface. */
export const linuxSll: LinkType = { value: 113, name: "LINUX_SLL", decode: decodeLinuxSll };

function decodeLinuxSll(cursor: Cursor): Next {
  const { bytes, offset } = cursor;
  if (cursor.end - offset < HEADER.bytes) return tooShort(cursor, HEADER);
  setDirection(cursor.into, uint16At(bytes, offset + PACKET_TYPE));
  const hardwareType = uint16At(bytes, offset + HARDWARE_TYPE);
  cursor.etherType = uint16At(bytes, offset + PROTOCOL);
  cursor.offset = offset + HEADER.bytes;
  return enterCookedProtocol(cursor, hardwareType);
}
