/** What the packets say against what a capture point is called. */
import type { Address } from "#net/address.js";
import type { Journey } from "#observed/correlate/journey.js";
import type { Connection } from "#observed/flow/connection.js";
import { localAddress } from "./local-address.js";
import { pointKey, type Point } from "./point.js";
import { hopsOf } from "./sighting.js";

/** Connections by capture point. */
export function connectionsByPoint(
  journeys: readonly Journey[],
): ReadonlyMap<string, readonly Connection[]> {
  const byPoint = new Map<string, Connection[]>();
  for (const connection of journeys.flatMap(({ connections }) => connections)) {
    const key = pointKey(connection.point);
    const list = byPoint.get(key);
    if (list) list.push(connection);
    else byPoint.set(key, [connection]);
  }
  return byPoint;
}

/**
 * In a pod's own namespace the pod's packets have crossed no router. Where the address that a capture
 * is about sends with a lower TTL, the capture was taken elsewhere: at a node's uplink, mostly.
 */
export function withoutFalsePods(
  points: ReadonlyMap<string, Point>,
  journeys: readonly Journey[],
): ReadonlyMap<string, Point> {
  const byPoint = connectionsByPoint(journeys);
  return new Map(
    [...points].map(([key, point]) => {
      const { role } = point.place;
      if (role !== "pod" && role !== "unknown") return [key, point];
      const notPod = routedSender(byPoint.get(key) ?? []);
      if (notPod === undefined) return [key, point];
      return [key, { ...point, notPod, place: { ...point.place, role: "unknown" } }];
    }),
  );
}

function routedSender(connections: readonly Connection[]): string | undefined {
  const address = localAddress(connections);
  // A promiscuous bridge hands a pod its own packets back, routed, beside those that it sends.
  if (address === undefined || sendingAddress(connections) !== undefined) return undefined;
  for (const { originator, responder, directions, protocol } of connections) {
    if (protocol !== "tcp") continue;
    const [request, reply] = directions;
    const sent = originator.address === address ? request : reply;
    const isSender = originator.address === address || responder.address === address;
    if (isSender && sent.ttl && hopsOf(sent.ttl.max) > 0) {
      return `its own address would be ${address}, which sends with TTL ${sent.ttl.max} there`;
    }
  }
  return undefined;
}

/** The address that sends unrouted at a point in a pod; undefined when none does. */
export function sendingAddress(connections: readonly Connection[]): Address | undefined {
  const address = localAddress(connections);
  const sends = connections.some(({ originator, responder, directions: [request, reply] }) => {
    const sent = originator.address === address ? request : reply;
    const isSender = originator.address === address || responder.address === address;
    return isSender && sent.ttl !== undefined && hopsOf(sent.ttl.max) === 0;
  });
  return sends ? address : undefined;
}
