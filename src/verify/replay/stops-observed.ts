import type { ObservedHere } from "#verify/journey-stop.js";
import type { SeenFlow } from "./seen-flow.js";

export function observedHere({
  tuple,
  ttl,
  packets,
  evidence,
  connection,
  side,
}: Pick<SeenFlow, "tuple" | "ttl" | "packets" | "evidence" | "connection" | "side">): ObservedHere {
  const { source, destination } = tuple;
  const { first } = connection.directions[side];
  return { source, destination, ttl, packets, first, evidence };
}
