/** Rows that several scenarios share: what a kind of capture point shows, and why. */
import type { PointRow, RowPoint, TupleRow } from "./scenario.js";

interface Shown {
  readonly at: RowPoint;
  readonly request: TupleRow;
  readonly reply: TupleRow;
  readonly why?: string;
}

export function always({ at, request, reply, why }: Shown): PointRow {
  return { at, requests: [request], replies: [reply], seen: "always", ...(why ? { why } : {}) };
}

export function never(at: RowPoint, why: string): PointRow {
  return { at, requests: [], replies: [], seen: "never", why };
}

/** Points that a connection from outside never touches. */
export const NOT_FROM_OUTSIDE: readonly PointRow[] = [
  never("loopback", "nothing is delivered to a process of the node"),
  never("overlay", "the pod is on this node, so nothing is encapsulated"),
];

/**
 * nat OUTPUT translates before a device is reached and the packet is routed again, so the first
 * capture point shows it fully translated (linux net/netfilter/nf_nat_proto.c nf_nat_ipv4_local_fn).
 */
export const NOT_FROM_NODE: readonly PointRow[] = [
  never("uplink", "the connection stays inside the node"),
  never("loopback", "nat OUTPUT translates it before it reaches lo"),
  never("overlay", "the pod is on this node, so nothing is encapsulated"),
];

/**
 * With net.bridge.bridge-nf-call-iptables=1 frames from a pod pass nat PREROUTING at the bridge
 * port, before the bridge itself is captured: replies show their destination restored and their source not
 * yet (linux net/bridge/br_netfilter_hooks.c br_nf_pre_routing_finish).
 */
export const HALF_TRANSLATED =
  "bridge-nf translates at the bridge port, before this capture point, so it is half done here";
