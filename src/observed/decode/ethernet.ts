import { uint16At } from "./bytes.js";
import type { Cursor, Next } from "./cursor.js";
import { enterEtherType } from "./ether-type.js";
import type { LinkType } from "./link-type.js";
import { header, tooShort } from "./stopping.js";

// IEEE 802.3 §3.1.1 without preamble: destination, source, type or length.
const TYPE_OR_LENGTH = 12;
const HEADER = header("Ethernet header", 14);

export const ethernet: LinkType = { value: 1, name: "EN10MB", decode: decodeEthernet };

/** Also what tunnels carry as "transparent Ethernet bridging". */
export function decodeEthernet(cursor: Cursor): Next {
  const { bytes, offset } = cursor;
  if (cursor.end - offset < HEADER.bytes) return tooShort(cursor, HEADER);
  cursor.offset = offset + HEADER.bytes;
  return enterEtherType(cursor, uint16At(bytes, offset + TYPE_OR_LENGTH));
}
