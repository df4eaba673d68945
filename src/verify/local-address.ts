import { isLoopback, type Address } from "#net/address.js";
import type { Connection, DirectionFacts } from "#observed/flow/connection.js";
import { hopsOf } from "./sighting.js";

const isUnrouted = ({ ttl }: DirectionFacts): boolean => ttl !== undefined && hopsOf(ttl.max) === 0;

/**
 * The address of the machine a capture was taken on: the one that has part in most connections; of
 * two alike, the one that sends without a router between, and of these the one that is dialled.
 */
export function localAddress(connections: readonly Connection[]): Address | undefined {
  const scores = new Map<Address, number>();
  const score = (address: Address, by: number): void => {
    if (!isLoopback(address)) scores.set(address, (scores.get(address) ?? 0) + by);
  };
  for (const { originator, responder, directions } of connections) {
    const [request, reply] = directions.map(isUnrouted);
    score(originator.address, request === true ? 1.2 : 1);
    score(responder.address, reply === true ? 1.3 : 1.1);
  }
  const [best] = [...scores].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1));
  return best?.[0];
}
