/** Where a packet comes by, on its way through the model's path. */
import type { Hop, Path } from "#expected/network/path.js";
import { samePredictedAddresses } from "#expected/netfilter/predicted-tuple.js";
import type { InterfaceKind } from "#cluster/topology.js";
import type { PredictedSighting } from "#expected/taps/predicted-sighting.js";

/** Higher is later. Counted in hops, and within one by interfaces. */
export function placeOnWay({ dial, request, reply }: Path, sighting: PredictedSighting): number {
  const { point, direction, ttlLowered } = sighting;
  const hops = direction === "request" ? request : (reply?.hops ?? []);
  if (point.namespace.kind === "outside") {
    const isSender = (dial.from.kind === "outside") === (direction === "request");
    return isSender ? -1 : hops.length * PLACES;
  }
  const turn = turnOf(hops, sighting);
  const hop = hops[turn];
  if (!hop) return hops.length * PLACES;
  if (point.kind === "veth") {
    const isAfter = leadsToPod(hops, { turn, sighting });
    return turn * PLACES + (isAfter ? LAST : 0);
  }
  const before = hops.slice(0, turn).reduce((sum, one) => sum + one.ttlLowered, 0);
  const isLeaving = hop.arrival.from !== "interface" || ttlLowered > before;
  return turn * PLACES + (isLeaving ? LAST - ORDER[point.kind] - 1 : ORDER[point.kind]);
}

/** Of a pod that dials itself the veth is passed on the way out, and then on the way in. */
function leadsToPod(
  hops: readonly Hop[],
  { turn, sighting }: { readonly turn: number; readonly sighting: PredictedSighting },
): boolean {
  const { point, tuple } = sighting;
  const [before, here, after] = [hops[turn - 1], hops[turn], hops[turn + 1]];
  if (point.pod === undefined || podOf(after) !== point.pod) return false;
  const isOut = here !== undefined && samePredictedAddresses(here.trace.first, tuple);
  return podOf(before) !== point.pod || !isOut;
}

/** Interfaces as a packet from the wire meets them; one that leaves meets them the other way round. */
const ORDER: Record<InterfaceKind, number> = {
  veth: 0,
  uplink: 1,
  overlay: 2,
  bridge: 3,
  loopback: 4,
};
const PLACES = 12;
const LAST = PLACES - 1;

/** A pod that dials itself is passed twice: then by what the packet is. */
function turnOf(hops: readonly Hop[], { point: { namespace }, tuple }: PredictedSighting): number {
  const turns = hops.flatMap(({ namespace: { kind, name } }, index) =>
    kind === namespace.kind && name === ("name" in namespace ? namespace.name : "") ? [index] : [],
  );
  const isThere = (index: number): boolean => {
    const trace = hops[index]?.trace;
    return (
      trace !== undefined &&
      [trace.first, trace.final].some((one) => samePredictedAddresses(one, tuple))
    );
  };
  return turns.find(isThere) ?? turns[0] ?? -1;
}

function podOf(hop: Hop | undefined): string | undefined {
  return hop?.namespace.kind === "pod" ? hop.namespace.name : undefined;
}
