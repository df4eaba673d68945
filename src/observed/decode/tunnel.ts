import type { Cursor } from "./cursor.js";
import { isFragment } from "./fragment.js";
import type { TunnelKind } from "./packet.js";
import { unsupported } from "./stopping.js";

const FRAGMENTED = {
  layer: "tunnel",
  reason: "its outer packet is a fragment, and fragments are not put together",
};

/**
 * Makes the next IP packet one that `kind` carries; false if what is carried must not be read. `id`
 * is the network identifier or key, 0 without.
 */
export function enterTunnel(cursor: Cursor, kind: TunnelKind, id: number): boolean {
  // A quote is read for its outer packet, the one that the error is about.
  if (cursor.quotedBy) return false;
  if (isFragment(cursor.ip)) {
    unsupported(cursor, FRAGMENTED);
    return false;
  }
  cursor.tunnel = kind;
  cursor.tunnelId = id;
  return true;
}
