import type { DirectionFacts } from "./connection.js";

/** How often a direction sent data or its FIN again; a SYN sent again says nothing about data. */
export function repeatedData({ retransmissions, syns }: DirectionFacts): number {
  return Math.max(0, retransmissions - Math.max(0, syns - 1));
}
