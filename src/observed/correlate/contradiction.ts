/** What two legs of one conversation cannot differ in. */
import type { Connection, DirectionFacts } from "#observed/flow/connection.js";
import { placeOf } from "./place.js";
import { isSameTuple } from "./tuple-match.js";

/** A SYN is repeated at most this often (tcp_syn_retries, 6 by default, and some to spare). */
const MAX_REPEATED_SYNS = 8;

/**
 * SYN options survive NAT: 0 differences in every SYN of the lab (docs/lab-notes/what-survives-nat.md).
 * A repeated SYN has new timestamps, so their hash is not asked. The segment size is: what clamps it
 * (`TCPMSS`) leaves both sequence numbers to join by.
 */
export function synsContradict(a: Connection, b: Connection): boolean {
  const [one] = a.directions;
  const [other] = b.directions;
  // Without an option it may have been cut off by the snaplen.
  if (differ(one.mss, other.mss) || differ(one.windowScale, other.windowScale)) return true;
  return placeOf(a) === placeOf(b) && !isSameTuple(a, b) && areOtherSyns(one, other);
}

/** Known at both, and not equal. */
function differ(a: number | undefined, b: number | undefined): boolean {
  return a !== undefined && b !== undefined && a !== b;
}

/**
 * One place shows the SYN of a scan to many servers, all with one sequence number (nmap): their
 * identifications are not those of one SYN and its repetitions, which count up.
 */
function areOtherSyns({ firstIpId: a }: DirectionFacts, { firstIpId: b }: DirectionFacts): boolean {
  if (a === undefined || b === undefined || a <= 0 || b <= 0) return false;
  const apart = (b - a) & 0xffff;
  return Math.min(apart, 0x10000 - apart) > MAX_REPEATED_SYNS;
}
