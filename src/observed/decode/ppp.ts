import { byteAt, uint16At } from "./bytes.js";
import { NEXT, type Cursor, type Next } from "./cursor.js";
import type { LinkType } from "./link-type.js";
import { enterPppProtocol } from "./ppp-protocol.js";
import { faultPerNumber, header, tooShort, unsupported } from "./stopping.js";

/** RFC 1662 §3.1: address "all stations" and control "unnumbered information". May be left out. */
const HDLC_FRAMING = 0xff03;
const ALL_STATIONS = 0xff;
const FRAMING = header("PPP framing", 2);

export const ppp: LinkType = { value: 9, name: "PPP", decode: decodePpp };

function decodePpp(cursor: Cursor): Next {
  const { bytes, offset, end } = cursor;
  // No protocol field starts with it: 0xff would have to be a compressed one (RFC 1661 §2).
  const isFramed = offset < end && byteAt(bytes, offset) === ALL_STATIONS;
  if (!isFramed) return enterPppProtocol(cursor);
  if (end - offset < FRAMING.bytes) return tooShort(cursor, FRAMING);
  cursor.offset = offset + FRAMING.bytes;
  return enterPppProtocol(cursor);
}

/** Cisco HDLC (RFC 1547 §4.3.1): unicast or broadcast, 0, then an EtherType. */
const CISCO_UNICAST = 0x0f00;
const CISCO_BROADCAST = 0x8f00;
const CISCO_HEADER = header("Cisco HDLC header", 4);

/** What NetBSD's serial lines give: PPP in HDLC framing, or Cisco's. */
export const pppHdlc: LinkType = { value: 50, name: "PPP_HDLC", decode: decodePppHdlc };

function decodePppHdlc(cursor: Cursor): Next {
  const { bytes, offset } = cursor;
  if (cursor.end - offset < FRAMING.bytes) return tooShort(cursor, FRAMING);
  const framing = uint16At(bytes, offset);
  switch (framing) {
    case HDLC_FRAMING:
      return decodePpp(cursor);
    case CISCO_UNICAST:
    case CISCO_BROADCAST:
      if (cursor.end - offset < CISCO_HEADER.bytes) return tooShort(cursor, CISCO_HEADER);
      cursor.offset = offset + CISCO_HEADER.bytes;
      cursor.etherType = uint16At(bytes, offset + 2);
      return NEXT.etherType;
    default:
      return unsupported(cursor, unknownFraming(framing));
  }
}

const unknownFraming = faultPerNumber((value) => ({
  layer: FRAMING.layer,
  reason: `address and control 0x${value.toString(16).padStart(4, "0")}`,
}));
