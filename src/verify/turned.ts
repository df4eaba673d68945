import type { Pair } from "#net/types.js";
import type { Connection } from "#observed/flow/connection.js";

const swap = <Value>([a, b]: Pair<Value>): Pair<Value> => [b, a];

/** The same connection with the other end for originator; state and history stay as they were seen. */
export function turned(connection: Connection): Connection {
  return {
    ...connection,
    originator: connection.responder,
    responder: connection.originator,
    packets: swap(connection.packets),
    frameBytes: swap(connection.frameBytes),
    payloadBytes: swap(connection.payloadBytes),
    directions: swap(connection.directions),
    packetNumbers: {
      ...connection.packetNumbers,
      originatorFirst: connection.packetNumbers.responderFirst,
      responderFirst: connection.packetNumbers.originatorFirst,
    },
  };
}
