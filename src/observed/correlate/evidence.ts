/**
 * What says that two legs are one conversation. Names: what no other conversation has, and no NAT
 * rewrites (docs/lab-notes/what-survives-nat.md). Resembles: what another may have as well; such
 * evidence is weighed against that of every other candidate.
 */
export interface JoinEvidence {
  /** As a report says it. */
  readonly says: string;
  /** 0 to 1. */
  readonly score: number;
}

export const NAMES = {
  bothNumbers: { says: "TCP initial sequence numbers", score: 1 },
  conntrack: { says: "conntrack entry", score: 1 },
  oneNumber: { says: "one TCP initial sequence number and SYN options", score: 0.95 },
  sameSyn: { says: "the same SYN: sequence number, options, IP identification", score: 0.95 },
  ranges: { says: "TCP sequence numbers of both directions", score: 0.95 },
  packets: { says: "IP identification and payload", score: 0.95 },
} as const satisfies Record<string, JoinEvidence>;

/** From here on a conversation is named; below, it only resembles. */
export const NAMED_FROM = 0.9;

/**
 * What resemblance adds up to, at most `RESEMBLES_AT_MOST`. The figures only order the candidates: equal
 * packets count most, an end that NAT left alone and the same place in the order and times that one clock
 * allows each outweigh what hop limits say.
 */
export const RESEMBLES = {
  samePackets: 0.5,
  severalPackets: 0.1,
  oneEnd: 0.15,
  bothEnds: 0.15,
  order: 0.15,
  enclosed: 0.15,
  /** Of hop limits no path of a cluster explains. */
  otherHopLimit: -0.2,
} as const;

export const RESEMBLES_AT_MOST = 0.89;

/** A candidate that is nearer than this to the best leaves open which of them it is. */
export const CLEAR_BY = 0.1;
