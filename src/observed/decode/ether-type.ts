import { NEXT, type Cursor, type Next } from "./cursor.js";
import { unsupported } from "./stopping.js";

/** IEEE 802.3 §3.2.6: below, the field is the length of an LLC frame (spanning tree, IS-IS). */
const LEAST_ETHER_TYPE = 0x0600;

const LLC = { layer: "LLC header", reason: "802.3 length field, LLC (IEEE 802.2)" };

/** Goes on to what a field says that holds an EtherType or, in old frames, a length. */
export function enterEtherType(cursor: Cursor, value: number): Next {
  if (value < LEAST_ETHER_TYPE) return unsupported(cursor, LLC);
  cursor.etherType = value;
  return NEXT.etherType;
}

/** A whole Ethernet frame as a payload (RFC 1701, "Transparent Ethernet Bridging"). */
const TRANSPARENT_ETHERNET = 0x6558;

export function enterEthernet(cursor: Cursor): Next {
  cursor.etherType = TRANSPARENT_ETHERNET;
  return NEXT.etherType;
}
