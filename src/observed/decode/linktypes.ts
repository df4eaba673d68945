import { bsdLoop, bsdNull } from "./bsd-loopback.js";
import type { Cursor, Next } from "./cursor.js";
import { ethernet } from "./ethernet.js";
import type { LinkType } from "./link-type.js";
import { LINK_TYPE_NAMES } from "./link-type-names.js";
import { linuxSll } from "./linux-sll.js";
import { linuxSll2 } from "./linux-sll2.js";
import { nflog } from "./nflog.js";
import { ppp, pppHdlc } from "./ppp.js";
import { ipv4, ipv6, raw, rawDlt12, rawDlt14 } from "./raw-ip.js";
import { faultPerNumber, unsupported } from "./stopping.js";

/** Every link type we read. To add one: write its file, add its line. */
export const LINK_TYPES: readonly LinkType[] = [
  ethernet,
  linuxSll,
  linuxSll2,
  raw,
  rawDlt12,
  rawDlt14,
  ipv4,
  ipv6,
  bsdNull,
  bsdLoop,
  ppp,
  pppHdlc,
  nflog,
];

const BY_VALUE: ReadonlyMap<number, LinkType> = new Map(
  LINK_TYPES.map((linkType) => [linkType.value, linkType]),
);

/** Reads the link layer of a record of link type `value`. */
export function decodeLinkType(cursor: Cursor, value: number): Next {
  const linkType = BY_VALUE.get(value);
  return linkType ? linkType.decode(cursor) : unsupported(cursor, unknownLinkType(value));
}

const unknownLinkType = faultPerNumber((value) => {
  const name = LINK_TYPE_NAMES.get(value);
  return {
    layer: "link type",
    reason: name === undefined ? `link type ${value}` : `link type ${value} (${name})`,
  };
});
