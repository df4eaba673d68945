/** What a run says: checks, the connections they are about, and what they rest on. */
import type { PathClient } from "#expected/scenarios/path-row.js";
import type { Endpoint } from "#net/five-tuple.js";
import type { TunnelKind } from "#observed/decode/packet.js";
import type { ClockEstimate } from "#observed/correlate/clocks.js";
import type { Latency } from "#observed/correlate/latency.js";
import type { PacketReference } from "#observed/flow/connection.js";
import type { Attribution } from "./attribution.js";
import type { JoinScore } from "#observed/correlate/journey.js";
import type { CarriedOn } from "./carried-on.js";
import type { JourneyStop } from "./journey-stop.js";
import type { ThreeAnswers } from "./three-answers.js";
import type { CounterDifference } from "./counters/counter-difference.js";

export type Verdict = "pass" | "fail" | "inconclusive" | "not applicable";

/** One sentence held against the captures. */
export interface Check {
  readonly check: CheckName;
  readonly verdict: Verdict;
  /** In the same notation as `observed`. */
  readonly expected: string;
  readonly observed: string;
  readonly evidence: readonly PacketReference[];
  /** What nobody told us and the verdict rests on. */
  readonly assumptions: readonly string[];
  /** Captures, flags or state that would decide an inconclusive check. */
  readonly missing: readonly string[];
  /** What happened and what to do, for a check that failed. */
  readonly finding: Finding | undefined;
}

export const CHECK_NAMES = [
  "connection of this scenario",
  "dropped",
  "rejected",
  "destination translated to the pod",
  "destination translated",
  "destination kept",
  "source kept",
  "source masqueraded",
  "delivered",
  "answered",
  "reply translated back",
  "data arrives",
  "health answer",
  "as the row says",
  "seen at every point it must cross",
  "endpoint choice",
  "session affinity",
  "client handed on",
  "second connection",
] as const;
export type CheckName = (typeof CHECK_NAMES)[number];

/** One occurrence of a diagnosis. */
export interface Finding {
  /** Stable: users write it in tickets. */
  readonly code: string;
  readonly id: string;
  readonly title: string;
  readonly explanation: string;
  readonly remedy: string;
}

/** One direction of a connection at one capture point. */
export interface ReportedSighting {
  readonly point: string;
  readonly direction: "request" | "reply";
  readonly source: Endpoint;
  readonly destination: Endpoint;
  readonly ttl: number | undefined;
  readonly packets: number;
  readonly evidence: readonly PacketReference[];
  /** What it was inside of at this point; the innermost, undefined without. */
  readonly tunnel?: TunnelKind;
}

export interface ConnectionReport {
  readonly id: string;
  readonly protocol: string;
  readonly scenario: string;
  /** Who dialled, when the captures or flags tell. */
  readonly client: PathClient | undefined;
  readonly verdict: Verdict;
  readonly sightings: readonly ReportedSighting[];
  readonly checks: readonly Check[];
  /** What it comes from that a check fails; at least one then, else none. */
  readonly attributions: readonly Attribution[];
  /** By the model: of a failure, and of every connection where nodes' own rules were given. */
  readonly answers?: readonly ThreeAnswers[] | undefined;
  /** Why the sightings are one connection; undefined when there is only one. */
  readonly joinedBy: string | undefined;
  /** How well they fit together; undefined when there is only one. */
  readonly join?: JoinScore | undefined;
  /** Ids of others that may be this connection. */
  readonly ambiguousWith?: readonly string[];
  /** Undefined where no two points share a packet, and nothing at one of them is answered. */
  readonly latency?: Latency;
  /** Told of the connections that were asked for, and of a few of each kind that failed. */
  readonly stops?: readonly JourneyStop[] | undefined;
}

/** A check of many connections together: what one of them alone cannot tell. */
export interface AcrossCheck {
  /** `default/web:80 by node1`. */
  readonly subject: string;
  /** Ids of the connections that it is about. */
  readonly connections: readonly string[];
  readonly check: Check;
  /** What its failure comes from, where nodes' saved rules tell. */
  readonly attributions?: readonly Attribution[];
}

export interface Report {
  readonly scenario: string;
  readonly verdict: Exclude<Verdict, "not applicable">;
  /** Every assumption of every check, each once. */
  readonly assumptions: readonly string[];
  readonly connections: readonly ConnectionReport[];
  readonly across: readonly AcrossCheck[];
  /** One per capture point; times were brought to the reference's before they were compared. */
  readonly clocks: readonly ClockEstimate[];
  /** What a proxy took, and what it dialled for it. */
  readonly carriedOn?: readonly CarriedOn[];
  /** Of the rules of nodes whose counters were saved twice; undefined where they were not. */
  readonly counters?: readonly CounterDifference[] | undefined;
  /** What is true of the run as a whole: nothing to check, points that saw nothing. */
  readonly notes: readonly string[];
}

/** The worst of several: a failure decides, then a doubt; not applicable only when nothing else is. */
export function worst(verdicts: readonly Verdict[]): Verdict {
  for (const verdict of ["fail", "inconclusive", "pass"] as const) {
    if (verdicts.includes(verdict)) return verdict;
  }
  return "not applicable";
}
