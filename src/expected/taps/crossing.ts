import { stateOf } from "#expected/network/namespace.js";
import type { Network } from "#expected/network/namespaces.js";
import type { Hop } from "#expected/network/path.js";
import type { NodeState } from "#expected/netfilter/node-state.js";
import type { PredictedSighting, TapPoint } from "./predicted-sighting.js";

/** One hop with what is around it: what a capture on an interface of its namespace can show. */
export interface Crossing {
  readonly network: Network;
  readonly state: NodeState;
  readonly direction: PredictedSighting["direction"];
  readonly hop: Hop;
  readonly previous: Hop | undefined;
  readonly next: Hop | undefined;
  /** How many nodes have lowered the TTL before it came here. */
  readonly ttlBefore: number;
}

export function crossingsOf(
  network: Network,
  { hops, direction }: Pick<Crossing, "direction"> & { readonly hops: readonly Hop[] },
): readonly Crossing[] {
  return hops.flatMap((hop, at) => {
    const state = stateOf(network, hop.namespace);
    if (state === undefined) return [];
    const previous = hops[at - 1];
    const next = hops[at + 1];
    const ttlBefore = ttlLoweredIn(hops.slice(0, at));
    return [{ network, state, direction, hop, previous, next, ttlBefore }];
  });
}

export function ttlLoweredIn(hops: readonly Hop[]): number {
  return hops.reduce((sum, { ttlLowered }) => sum + ttlLowered, 0);
}

/** As it came into the namespace; a capture sees it before any rule does. */
export function seenArriving(
  { hop, direction, ttlBefore }: Crossing,
  point: TapPoint,
): PredictedSighting {
  const { first: tuple } = hop.trace;
  return { point, direction, tuple, outer: undefined, ttlLowered: ttlBefore, ...PLAINLY };
}

/** As it leaves; a capture sees it after every rule. */
export function seenLeaving(
  { hop, direction, ttlBefore }: Crossing,
  point: TapPoint,
): PredictedSighting {
  const { final: tuple } = hop.trace;
  const ttlLowered = ttlBefore + hop.ttlLowered;
  return { point, direction, tuple, outer: undefined, ttlLowered, ...PLAINLY };
}

export const PLAINLY = { seen: "must", why: undefined } as const;

export function nodePoint(
  { hop }: Crossing,
  { name, kind }: { readonly name: string; readonly kind: TapPoint["kind"] },
): TapPoint {
  return { namespace: hop.namespace, interface: name, kind, pod: undefined };
}
