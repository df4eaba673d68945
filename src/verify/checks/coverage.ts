/**
 * Whether a capture could have seen a packet. Absence means something only at a point that was
 * recording at the time and whose filter lets such packets through; both are proven by what it did
 * record.
 */
import type { Case } from "#verify/case.js";
import type { Facts } from "#cluster/facts.js";
import type { EpochNs } from "#net/types.js";
import type { Journey } from "#observed/correlate/journey.js";
import { pointKey, type Point } from "#verify/point.js";

export type Coverage =
  | { readonly couldSee: true }
  | { readonly couldSee: false; readonly because: string };

/**
 * What a packet may take from one capture point to the next. A capture that ends sooner may have been
 * stopped, or its file cut, in between.
 */
const MAX_CROSSING_NS = 100_000_000n;

export function coverageOf(point: Point, theCase: Case): Coverage {
  const { journey, facts, journeys } = theCase;
  const [first] = journey.connections;
  const { first: from } = point;
  if (!first || from === undefined) {
    return {
      couldSee: false,
      because: `${point.name} recorded nothing, so nothing shows that it ran`,
    };
  }
  if (first.first < from || !wasRecordingAfter(point, first.first)) {
    return {
      couldSee: false,
      because: `${point.name} recorded nothing before or after this connection`,
    };
  }
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
  const twin = isNamed(journey) ? undefined : others.find((other) => mayBe(other, journey, point));
  if (!twin) return { couldSee: true };
  return {
    couldSee: false,
    because: `${twin.id} at ${point.name} may be this connection: nothing in it tells them apart`,
  };
}

/** Long enough after it to show what became of it. */
export function wasRecordingAfter({ last }: Point, time: EpochNs): boolean {
  return last !== undefined && time + MAX_CROSSING_NS <= last;
}

function isToTarget({ connections }: Journey, { key }: Point, { target }: Facts): boolean {
  return connections.some(
    ({ point, responder, originator }) =>
      pointKey(point) === key &&
      [responder, originator].some(
        ({ address, port }) =>
          address === target.address && (target.port === undefined || port === target.port),
      ),
  );
}

/** A handshake's numbers name a connection; one without them may be any other at the same time. */
function isNamed({ connections }: Journey): boolean {
  return connections.some(({ directions }) => directions.some(({ isn }) => isn !== undefined));
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
