import type { Connection } from "#observed/flow/connection.js";

/** By time, and where that is equal by what and where: the same in whatever order they come. */
export function inOrder(connections: Iterable<Connection>): readonly Connection[] {
  return [...connections].sort((a, b) => {
    if (a.first !== b.first) return a.first < b.first ? -1 : 1;
    const [one, other] = [nameOf(a), nameOf(b)];
    return one < other ? -1 : one > other ? 1 : 0;
  });
}

/** Of what one time has in common. */
export function nameOf({
  point,
  protocol,
  originator,
  responder,
  packetNumbers,
}: Connection): string {
  const { name, interface: port = "", direction = "" } = point;
  const ends = [originator.address, originator.port, responder.address, responder.port];
  return [name, port, direction, protocol, ...ends, packetNumbers.first.packet].join(" ");
}
