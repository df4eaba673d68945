/** Sightings from the end that dialled to the other one, whatever the captures' clocks say. */
import { hopsOf } from "./sighting.js";
import type { EpochNs } from "#net/types.js";

/** One direction at one capture point. */
export interface OnPath {
  readonly direction: "request" | "reply";
  readonly ttl: number;
  readonly time: EpochNs;
  /** Where on its own way the model has it, later ones higher; undefined where it does not know it. */
  readonly rank: number | undefined;
}

/**
 * By time, and then requests along their way and replies against theirs: by the model where it knows
 * every one of them, else by the routers that have lowered the TTL.
 */
export function inPathOrder<Seen>(
  seen: readonly Seen[],
  onPath: (one: Seen) => OnPath,
): readonly Seen[] {
  const all = seen.map((one) => ({ one, ...onPath(one) })).sort(byTime);
  const along = {
    request: alongPath(all.filter(({ direction }) => direction === "request")),
    reply: alongPath(all.filter(({ direction }) => direction === "reply")),
  };
  const taken = { request: 0, reply: 0 };
  return all.flatMap(({ direction }) => {
    const next = along[direction][taken[direction]];
    taken[direction] += 1;
    return next ? [next.one] : [];
  });
}

function byTime(a: OnPath, b: OnPath): number {
  if (a.time === b.time) return 0;
  return a.time < b.time ? -1 : 1;
}

function alongPath<Placed extends OnPath>(placed: readonly Placed[]): readonly Placed[] {
  const isKnown = placed.every(({ rank }) => rank !== undefined);
  const placeOf = ({ direction, rank, ttl }: OnPath): number => {
    const along = isKnown && rank !== undefined ? rank : hopsOf(ttl);
    return direction === "request" ? along : -along;
  };
  return placed.toSorted((a, b) => placeOf(a) - placeOf(b) || byTime(a, b));
}
