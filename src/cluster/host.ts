/** A node's network as the kernel has it: interfaces with addresses, and routes. */
import type { Address } from "#net/address.js";
import type { Prefix } from "#net/prefix.js";

export interface HostInterface {
  readonly name: string;
  /** As `ip link` numbers it; undefined where nobody printed it. */
  readonly index?: number | undefined;
  /** The bridge that it is a port of. */
  readonly bridge: string | undefined;
  readonly isBridge: boolean;
  readonly isLoopback: boolean;
  /** In the kernel's order, which decides what MASQUERADE takes. */
  readonly addresses: readonly HostAddress[];
}

export interface HostAddress {
  readonly address: Address;
  /** What is reached without a gateway; the peer's block on a point-to-point link. */
  readonly subnet: Prefix;
  readonly scope: "global" | "link" | "host";
  readonly isSecondary: boolean;
}

/** `ip route`'s types; `local` is delivered to the node, the last three give an error or nothing. */
export const ROUTE_TYPES = [
  "unicast",
  "local",
  "broadcast",
  "multicast",
  "anycast",
  "blackhole",
  "unreachable",
  "prohibit",
] as const;
export type RouteType = (typeof ROUTE_TYPES)[number];

export interface Route {
  readonly type: RouteType;
  readonly destination: Prefix;
  /** `main`, `local`, or what `ip route` calls it. */
  readonly table: string;
  /** Lower wins among routes of one prefix. */
  readonly metric: number;
  /** Several for a multipath route; none for `blackhole` and its like. */
  readonly hops: readonly RouteHop[];
}

export interface RouteHop {
  readonly device: string;
  /** Undefined when the destination is on the link itself. */
  readonly gateway: Address | undefined;
  readonly weight: number;
}
