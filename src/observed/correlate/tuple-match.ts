/** What of two tuples is equal. NAT usually rewrites one end; so equality may tell candidates apart, and names none. */
import { sameEndpoint, type Endpoint } from "#net/five-tuple.js";
import type { Connection } from "#observed/flow/connection.js";

/**
 * How many ends, 0 to 2, are equal at both; whichever way round the capture saw it begin. The ports of
 * ICMP are message types, so there the address counts.
 */
export function equalEnds(a: Connection, b: Connection): number {
  const straight = count(a.originator, b.originator) + count(a.responder, b.responder);
  // Only one that was not seen from its beginning may have the ends the other way round.
  const turned = count(a.originator, b.responder) + count(a.responder, b.originator);
  return Math.max(straight, hasBeginning(a) && hasBeginning(b) ? 0 : turned);
}

const count = (a: Endpoint, b: Endpoint): number => (sameEndpoint(a, b) ? 1 : 0);

const hasBeginning = ({ directions: [{ isn, acknowledgedIsn }] }: Connection): boolean =>
  isn !== undefined || acknowledgedIsn !== undefined;

export const isSameTuple = (a: Connection, b: Connection): boolean => equalEnds(a, b) === 2;
