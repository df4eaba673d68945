/**
 * Whether a capture could have seen a request to the pod: its filter must let such packets through,
 * which others that it recorded prove.
 */
import type { Case } from "#verify/case.js";
import type { Facts } from "#cluster/facts.js";
import type { Journey } from "#observed/correlate/journey.js";
import { isNamed, mayBeOfOneScan, whyBlind } from "#verify/coverage.js";
import { pointKey, type Point } from "#verify/point.js";

export type Coverage =
  | { readonly couldSee: true }
  | { readonly couldSee: false; readonly because: string };

export function coverageOf(point: Point, theCase: Case): Coverage {
  const { journey, facts, journeys } = theCase;
  const blind = whyBlind(point, journey);
  if (blind !== undefined) return { couldSee: false, because: blind };
  const others = journeys.filter(
    (other) =>
      other !== journey && other.protocol === journey.protocol && isToTarget(other, point, facts),
  );
  if (others.length === 0) {
    return {
      couldSee: false,
      because: `${point.name} shows no other connection to the pod, so a filter may hide this one`,
    };
  }
  const twin = others.find(
    (other) =>
      isRival(other, journey) ||
      (isNamed(journey) ? mayBeOfOneScan(journey, other) : mayBe(other, journey, point)),
  );
  if (!twin) return { couldSee: true };
  return {
    couldSee: false,
    because: `${twin.id} at ${point.name} may be this connection: nothing in it tells them apart`,
  };
}

function isToTarget({ connections }: Journey, { key }: Point, { target }: Facts): boolean {
  return connections.some(
    ({ point, responder, originator, packets }) =>
      pointKey(point) === key &&
      [originator, responder].some(
        ({ address, port }, side) =>
          address === target.address &&
          (target.port === undefined || port === target.port) &&
          // `-Q out` and `src host` leave answers alone, which prove nothing for requests.
          (packets[1 - side] ?? 0) > 0,
      ),
  );
}

/** Left open by what the captures have of both. */
function isRival({ id }: Journey, { ambiguousWith = [] }: Journey): boolean {
  return ambiguousWith.includes(id);
}

/** At the same time, and not joined to a point that this one was seen at. */
function mayBe(other: Journey, journey: Journey, { key }: Point): boolean {
  const at = other.connections.filter(({ point }) => pointKey(point) === key);
  const known = new Set(journey.connections.map(({ point }) => pointKey(point)));
  const isElsewhere = other.connections.some(({ point }) => known.has(pointKey(point)));
  if (isElsewhere) return false;
  return at.some(({ first, last }) =>
    journey.connections.some((seen) => seen.first <= last && first <= seen.last),
  );
}
