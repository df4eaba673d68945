import { uint16At } from "./bytes.js";
import type { Cursor, Next } from "./cursor.js";
import { enterEtherType } from "./ether-type.js";
import { header, tooShort, unsupported } from "./stopping.js";

// IEEE 802.1Q §9.6, behind the tag's EtherType: control information, then the next type or length.
const TYPE_OR_LENGTH = 2;
const HEADER = header("VLAN tag", 4);

/** IEEE 802.1Q, 802.1ad (QinQ), and what switches used for QinQ before it. */
const TAG_TYPES: ReadonlySet<number> = new Set([0x8100, 0x88a8, 0x9100]);

/** 802.1ad stacks two; more are seen where providers are chained. */
const MAX_TAGS = 8;
const TOO_MANY = { layer: HEADER.layer, reason: `more than ${MAX_TAGS} in a row` };

/** All tags in a row. */
export function decodeVlan(cursor: Cursor): Next {
  for (let tags = 0; tags < MAX_TAGS; tags++) {
    if (cursor.end - cursor.offset < HEADER.bytes) return tooShort(cursor, HEADER);
    const type = uint16At(cursor.bytes, cursor.offset + TYPE_OR_LENGTH);
    cursor.offset += HEADER.bytes;
    if (!TAG_TYPES.has(type)) return enterEtherType(cursor, type);
  }
  return unsupported(cursor, TOO_MANY);
}
