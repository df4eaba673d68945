/**
 * Whether a capture could have seen a packet. Absence means something only at a point that was
 * recording at the time and whose filter lets such packets through; both are proven by what it did
 * record.
 */
import type { Case } from "#verify/case.js";
import type { Point } from "#verify/point.js";

export type Coverage =
  | { readonly couldSee: true }
  | { readonly couldSee: false; readonly because: string };

export function coverageOf(point: Point, theCase: Case): Coverage {
  const { journey, facts, journeys } = theCase;
  const [first] = journey.connections;
  const { first: from, last: to } = point;
  if (!first || from === undefined || to === undefined) {
    return {
      couldSee: false,
      because: `${point.name} recorded nothing, so nothing shows that it ran`,
    };
  }
  if (first.first < from || first.first > to) {
    return {
      couldSee: false,
      because: `${point.name} recorded nothing before or after this connection`,
    };
  }
  const { address, port } = facts.target;
  const isTarget = journeys.some(({ connections, protocol }) =>
    connections.some(
      (connection) =>
        protocol === journey.protocol &&
        connection.point.name === point.name &&
        connection.responder.address === address &&
        (port === undefined || connection.responder.port === port),
    ),
  );
  if (isTarget) return { couldSee: true };
  return {
    couldSee: false,
    because: `${point.name} shows no other connection to the pod, so a filter may hide this one`,
  };
}
