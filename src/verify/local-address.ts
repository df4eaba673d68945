import { isGatewayOf } from "#cluster/facts.js";
import { isLoopback, type Address } from "#net/address.js";
import type { Connection } from "#observed/flow/connection.js";
import { hopsOf } from "./sighting.js";

/**
 * The address of the machine a capture was taken on: the one that has part in most connections. Of
 * several alike those drop out that send from behind a router, and the subnet's first address, which
 * is the bridge as a rule. Undefined when that leaves more than one: two neighbours that only talk to
 * each other look the same from both sides.
 */
export function localAddress(connections: readonly Connection[]): Address | undefined {
  const parts = new Map<Address, number>();
  for (const { originator, responder } of connections) {
    for (const address of new Set([originator.address, responder.address])) {
      if (!isLoopback(address)) parts.set(address, (parts.get(address) ?? 0) + 1);
    }
  }
  const most = Math.max(...parts.values());
  const candidates = [...parts].filter(([, count]) => count === most).map(([address]) => address);
  if (candidates.length === 1) return candidates[0];
  const near = candidates.filter((address) => !isBehindRouter(address, connections));
  if (near.length === 1) return near[0];
  const pods = near.filter((address) => !near.some((other) => isGatewayOf(address, other)));
  return pods.length === 1 ? pods[0] : undefined;
}

/** Something it sends has crossed a router. */
function isBehindRouter(address: Address, connections: readonly Connection[]): boolean {
  const hops = connections.flatMap(({ originator, responder, directions: [request, reply] }) => [
    ...(originator.address === address && request.ttl ? [hopsOf(request.ttl.max)] : []),
    ...(responder.address === address && reply.ttl ? [hopsOf(reply.ttl.max)] : []),
  ]);
  return hops.some((count) => count > 0);
}
