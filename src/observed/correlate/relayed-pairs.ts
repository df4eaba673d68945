/** Clocks of points that packets leave apart, by what a proxy passes on between them. */
import type { EpochNs } from "#net/types.js";
import type { ClockBounds } from "./clock-bounds.js";
import type { ClockEvidence, Relay } from "./clock-evidence.js";
import { listIn } from "./nested-maps.js";
import type { PointPairs } from "./point-pairs.js";
import { relayBounds } from "./relay-bounds.js";

/** Proxied pairs that agree by chance are fewer. */
const ENOUGH_RELAYED = 3;

export function addRelayed(
  kept: PointPairs,
  { evidence, base }: { readonly evidence: ClockEvidence; readonly base: EpochNs },
): void {
  const { journeys, points, relays } = evidence;
  if (relays === undefined) return;
  const roots = kept.roots(points);
  const shown = new Set(
    journeys.flatMap(({ connections }) => connections.map(({ point }) => roots.get(point.name))),
  );
  if (shown.size < 2) return;
  const bounds = relayedBounds(relays(), base);
  for (const [a, byB] of bounds) {
    for (const [b, conversations] of byB) {
      if (roots.get(a) === roots.get(b)) continue;
      const pair = kept.pairOf({ a, b }, conversations);
      const isEnough = pair.pairs >= ENOUGH_RELAYED && 2 * pair.pairs > conversations.length;
      if (isEnough) kept.set({ a, b }, { ...pair, isRelayed: true });
    }
  }
}

function relayedBounds(
  relays: readonly Relay[],
  base: EpochNs,
): ReadonlyMap<string, ReadonlyMap<string, readonly ClockBounds[]>> {
  const bounds = new Map<string, Map<string, ClockBounds[]>>();
  for (const relay of relays) {
    for (const first of relay.first.connections) {
      for (const second of relay.second.connections) {
        const found = relayBounds({ first, second }, base);
        if (found) listIn(bounds, first.point.name, second.point.name).push(found);
      }
    }
  }
  return bounds;
}
