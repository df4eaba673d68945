/**
 * What a proxied pair says of two clocks that no packet ties together: what the client sends comes to
 * the proxy before the proxy passes it on, and what the server answers the other way round. So the
 * bytes that both connections carry hold the offset as a request and its reply do.
 */
import type { EpochNs } from "#net/types.js";
import type { Connection, DirectionFacts } from "#observed/flow/connection.js";
import { movedBounds, STAMP_LAG_NS, type ClockBounds } from "./clock-bounds.js";

export interface RelayedConnections {
  /** What the proxy took, at one point, and what it dialled for it, at another. */
  readonly first: Connection;
  readonly second: Connection;
}

/** Of the second's clock against the first's; undefined where one way does not show the same bytes. */
export function relayBounds(
  { first, second }: RelayedConnections,
  base: EpochNs,
): ClockBounds | undefined {
  const request = passage(first.directions[0], second.directions[0]);
  const reply = passage(first.directions[1], second.directions[1]);
  if (!request || !reply) return undefined;
  const bound = ({ here, there }: Passage) => ({
    at: Number(here - base),
    ns: Number(there - here),
  });
  return {
    uppers: movedBounds([bound(request)], STAMP_LAG_NS),
    lowers: movedBounds([bound(reply)], -STAMP_LAG_NS),
    held: "both",
    pairs: 1,
  };
}

interface Passage {
  readonly here: EpochNs;
  readonly there: EpochNs;
}

/** What was sent again, or missed, may be later at one of the two than the first time it came by. */
function passage(first: DirectionFacts, second: DirectionFacts): Passage | undefined {
  const isSame =
    first.firstPayloadHash !== undefined &&
    first.firstPayloadHash === second.firstPayloadHash &&
    first.firstPayloadLength === second.firstPayloadLength;
  if (!isSame || isLossy(first) || isLossy(second)) return undefined;
  const [here, there] = [first.firstPayload, second.firstPayload];
  return here === undefined || there === undefined ? undefined : { here, there };
}

const isLossy = ({ retransmissions, unseenData = 0 }: DirectionFacts): boolean =>
  retransmissions > 0 || unseenData > 0;
