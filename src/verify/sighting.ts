import type { PointPlace } from "#cluster/point-role.js";
import type { Endpoint } from "#net/five-tuple.js";
import type { Connection, PacketReference } from "#observed/flow/connection.js";

/**
 * How far translation has come where a packet was seen: `dialled` is still addressed to the node's
 * port, `delivered` to the pod; `elsewhere` to neither.
 */
export type Stage = "dialled" | "delivered" | "elsewhere";

/** One direction of a connection at one capture point, oriented: requests go towards the server. */
export interface Sighting {
  readonly point: string;
  readonly place: PointPlace;
  readonly direction: "request" | "reply";
  readonly stage: Stage;
  readonly source: Endpoint;
  readonly destination: Endpoint;
  readonly ttl: number;
  /** Routers crossed, from the TTL; see `hopsOf`. */
  readonly hops: number;
  readonly packets: number;
  readonly connection: Connection;
  readonly evidence: PacketReference;
}

/**
 * Systems start at 64, 128 or 255 (Linux ip_default_ttl 64, Windows 128, network gear 255), so the
 * distance to the next of these above is the number of routers crossed.
 */
export function hopsOf(ttl: number): number {
  if (ttl <= 64) return 64 - ttl;
  return ttl <= 128 ? 128 - ttl : 255 - ttl;
}

/** The end that serves: a request's destination, a reply's source. */
export function serverEnd({ direction, source, destination }: Sighting): Endpoint {
  return direction === "request" ? destination : source;
}

export function clientEnd({ direction, source, destination }: Sighting): Endpoint {
  return direction === "request" ? source : destination;
}
