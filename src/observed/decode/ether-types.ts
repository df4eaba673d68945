import { decodeArp } from "./arp.js";
import type { Cursor, Decoder, Next } from "./cursor.js";
import { decodeEthernet } from "./ethernet.js";
import { ETHER_TYPE_NAMES } from "./ether-type-names.js";
import { decodeIpv4 } from "./ipv4.js";
import { decodeIpv6 } from "./ipv6.js";
import { decodeMpls } from "./mpls.js";
import { decodePppoe } from "./pppoe.js";
import { faultPerNumber, unsupported } from "./stopping.js";
import { decodeVlan } from "./vlan.js";

const IPV4 = 0x0800;

/** Every EtherType we read. To add one: write its file, add its line. */
const ETHER_TYPES: ReadonlyMap<number, Decoder> = new Map<number, Decoder>([
  [IPV4, decodeIpv4],
  [0x86dd, decodeIpv6],
  [0x0806, decodeArp],
  [0x8100, decodeVlan],
  [0x88a8, decodeVlan],
  [0x9100, decodeVlan],
  [0x8847, decodeMpls],
  [0x8848, decodeMpls],
  [0x8864, decodePppoe],
  [0x6558, decodeEthernet],
]);

/** The layer that `cursor.etherType` names. */
export function decodeEtherType(cursor: Cursor): Next {
  // Nearly always: a look into the map costs as much as reading the header.
  if (cursor.etherType === IPV4) return decodeIpv4(cursor);
  const decode = ETHER_TYPES.get(cursor.etherType);
  return decode ? decode(cursor) : unsupported(cursor, unknownEtherType(cursor.etherType));
}

const unknownEtherType = faultPerNumber((value) => {
  const hex = `0x${value.toString(16).padStart(4, "0")}`;
  const name = ETHER_TYPE_NAMES.get(value);
  return {
    layer: "EtherType",
    reason: name === undefined ? `EtherType ${hex}` : `EtherType ${hex} (${name})`,
  };
});
