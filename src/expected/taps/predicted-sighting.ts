import type { PredictedTuple } from "#expected/netfilter/predicted-tuple.js";
import type { InterfaceKind } from "#cluster/topology.js";

/** An interface that somebody can capture on. */
export interface TapPoint {
  readonly namespace:
    | { readonly kind: "node" | "pod"; readonly name: string }
    | { readonly kind: "outside" };
  /** `eth0`, `cni0`, `lo`; of a veth whose name nobody told, undefined. */
  readonly interface: string | undefined;
  readonly kind: InterfaceKind;
  /** The pod at the other end of a veth. */
  readonly pod: string | undefined;
}

/**
 * What one capture point shows of a path's first packet or of the answer to it. A tuple that is not
 * predicted at a point cannot be seen there.
 */
export interface PredictedSighting {
  readonly point: TapPoint;
  readonly direction: "request" | "reply";
  readonly tuple: PredictedTuple;
  /** The packet around it at this point, as VXLAN on an uplink; undefined: none. */
  readonly outer: PredictedTuple | undefined;
  /** How many nodes have lowered its TTL since it was sent; routers in between come on top. */
  readonly ttlLowered: number;
  /**
   * `must`: every capture that could see the packet shows it. `may`: it depends on the capture
   * (promiscuous mode, an unresolved neighbour) as `why` says.
   */
  readonly seen: "must" | "may";
  /** Where it is not obvious, with its source: a kernel file, a rule. */
  readonly why: string | undefined;
}
