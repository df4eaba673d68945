import type { PointRole } from "#cluster/point-role.js";

/**
 * Where the two directions of one connection may have different addresses: a bridge is captured
 * behind br_netfilter's PREROUTING (docs/lab-notes/half-translated-bridge.md), and lo between
 * OUTPUT and the un-translation of what is answered. Halves are no missing sides there.
 */
export function isHalfTranslated(role: PointRole): boolean {
  return role === "bridge" || role === "loopback" || role === "any";
}
