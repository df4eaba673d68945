/** What captures show of one conversation, direction by direction, before anybody says which is which. */
import type { FiveTuple } from "#net/five-tuple.js";
import type { Journey } from "#observed/correlate/journey.js";
import type { Connection, PacketReference } from "#observed/flow/connection.js";
import { pointKey, type Point } from "#verify/point.js";
import { withSameSides } from "./same-sides.js";

/** One direction of a connection at one capture point. */
export interface SeenFlow {
  readonly point: Point;
  readonly connection: Connection;
  /** 0: the flow engine's originator sends it; 1: its responder. */
  readonly side: 0 | 1;
  readonly tuple: FiveTuple;
  readonly ttl: number;
  readonly packets: number;
  readonly evidence: PacketReference;
  /** Inside a tunnel, as VXLAN on an uplink. */
  readonly isTunnelled: boolean;
}

export function flowsOf(
  { connections }: Journey,
  points: ReadonlyMap<string, Point>,
): readonly SeenFlow[] {
  return withSameSides(connections).flatMap((connection) => {
    const point = points.get(pointKey(connection.point));
    if (!point) return [];
    return ([0, 1] as const).flatMap((side) => flowOf(connection, point, side) ?? []);
  });
}

function flowOf(connection: Connection, point: Point, side: 0 | 1): SeenFlow | undefined {
  const { originator, responder, directions, packets, packetNumbers, protocol } = connection;
  const { ttl } = directions[side];
  if (!ttl) return undefined;
  const isRequest = side === 0;
  const { originatorFirst, responderFirst, first } = packetNumbers;
  return {
    point,
    connection,
    side,
    tuple: {
      protocol,
      source: isRequest ? originator : responder,
      destination: isRequest ? responder : originator,
    },
    ttl: ttl.max,
    packets: packets[side],
    evidence: (isRequest ? originatorFirst : responderFirst) ?? first,
    isTunnelled: connection.tunnels.length > 0,
  };
}
