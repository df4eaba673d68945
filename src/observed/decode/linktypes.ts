import type { Cursor, Next } from "./cursor.js";
import { ethernet } from "./ethernet.js";
import type { LinkType } from "./link-type.js";
import { LINK_TYPE_NAMES } from "./link-type-names.js";
import { faultPerNumber, unsupported } from "./stopping.js";

/** Every link type we read. To add one: write its file, add its line. */
export const LINK_TYPES: readonly LinkType[] = [ethernet];

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
