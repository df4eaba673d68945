import type { Connection } from "#observed/flow/connection.js";

/** A handshake tells who dialled; without one the flow engine's originator is a guess. */
export function isDirectionKnown({ protocol, directions }: Connection): boolean {
  return protocol === "tcp" && directions.some(({ isn }) => isn !== undefined);
}
