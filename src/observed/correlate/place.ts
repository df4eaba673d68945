import type { Connection } from "#observed/flow/connection.js";

/**
 * Where a connection was seen: interface, direction and the tunnels around it. A conversation is seen
 * there once, unless NAT or a bridge shows it under a second tuple. Of a file without interfaces, as
 * Linux cooked v1, in and out are two places.
 */
export function placeOf({ point, tunnels }: Connection): string {
  const { name, interface: port = "", direction = "" } = point;
  const around = tunnels.map(({ kind, id }) => `${kind} ${id}`).join(" ");
  return `${name}\n${port}\n${direction}\n${around}`;
}
