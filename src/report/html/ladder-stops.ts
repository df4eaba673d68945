/** A connection's journey as a ladder tells it, from its stops, or from its sightings where it has none. */
import { formatTuple } from "#net/five-tuple.js";
import type { EpochNs } from "#net/types.js";
import type { JourneyStop, Rewrite, StopOutcome } from "#verify/journey-stop.js";
import type { ConnectionReport, ReportedSighting } from "#verify/report.js";
import { cite } from "../check-table.js";

/** One direction at one capture point. */
export interface LadderStop {
  readonly point: string;
  readonly direction: "request" | "reply";
  /** `seen` where nobody worked out what is to be seen here. */
  readonly outcome: StopOutcome | "seen";
  /** `198.51.100.79:41001 > 10.20.32.204:9000`. */
  readonly expected: string | undefined;
  readonly observed: string | undefined;
  readonly ttl: number | undefined;
  readonly packets: number | undefined;
  readonly first: EpochNs | undefined;
  /** `file#number`. */
  readonly evidence: string | undefined;
  readonly why: string | undefined;
  readonly rewrites: readonly Rewrite[];
}

/** Requests along their way, then replies along theirs. */
export function ladderStops({ stops, sightings }: ConnectionReport): readonly LadderStop[] {
  if (stops !== undefined && stops.length > 0) return stops.map(ofStop);
  const requests = sightings.filter(({ direction }) => direction === "request");
  const replies = sightings.filter(({ direction }) => direction === "reply");
  return [...requests, ...replies.toReversed()].map(ofSighting);
}

function ofStop({ expected, observed, ...stop }: JourneyStop): LadderStop {
  return {
    ...stop,
    expected: expected && `${expected.source} > ${expected.destination}`,
    observed: observed && formatTuple(observed),
    ttl: observed?.ttl,
    packets: observed?.packets,
    first: observed?.first,
    evidence: observed && cite(observed.evidence),
  };
}

function ofSighting({ point, direction, ttl, packets, ...seen }: ReportedSighting): LadderStop {
  const [evidence] = seen.evidence;
  return {
    point,
    direction,
    outcome: "seen",
    expected: undefined,
    observed: formatTuple(seen),
    ttl,
    packets,
    first: undefined,
    evidence: evidence && cite(evidence),
    why: undefined,
    rewrites: [],
  };
}
