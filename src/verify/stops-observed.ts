import type { ObservedHere } from "./journey-stop.js";
import type { Sighting } from "./sighting.js";

/** What a stop tells of a sighting. */
export function observedHere({
  source,
  destination,
  ttl,
  packets,
  evidence,
  connection,
  direction,
}: Sighting): ObservedHere {
  // A sighting's connection has been turned so that its first direction is the request.
  const { first } = connection.directions[direction === "request" ? 0 : 1];
  return { source, destination, ttl, packets, first, evidence };
}
