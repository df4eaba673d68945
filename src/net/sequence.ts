/** Arithmetic on TCP sequence numbers, modulo 2^32 (RFC 9293 §3.4). */

/** True when `a` comes before `b`. */
export function seqBefore(a: number, b: number): boolean {
  return ((a - b) | 0) < 0;
}

/** How many bytes lie from `from` up to `to`; negative when `to` comes first. */
export function seqDistance(from: number, to: number): number {
  return (to - from) | 0;
}
