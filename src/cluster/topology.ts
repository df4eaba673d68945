/** Nodes, pods and clients, as a topology file or flags tell them. */
import type { Address } from "#net/address.js";
import type { Prefix } from "#net/prefix.js";

export interface Topology {
  readonly nodes: readonly Node[];
  readonly pods: readonly Pod[];
  readonly clients: readonly ExternalClient[];
  /** All pods of all nodes. */
  readonly clusterCIDR: Prefix | undefined;
  /** Version of the CNI portmap plugin that wrote the rules, `1.1.1`. */
  readonly portmap: string | undefined;
}

export interface Node {
  readonly name: string;
  /** Addresses other machines reach it by; those of its bridge and overlay are with the interfaces. */
  readonly addresses: readonly Address[];
  readonly podCIDR: Prefix | undefined;
  readonly interfaces: readonly Interface[];
}

/** What a capture on an interface can show depends on its kind, not on its name. */
export const INTERFACE_KINDS = ["uplink", "bridge", "veth", "overlay", "loopback"] as const;
export type InterfaceKind = (typeof INTERFACE_KINDS)[number];

export interface Interface {
  readonly name: string;
  /** As `ip link` numbers it; Linux cooked v2 captures carry nothing else. */
  readonly index: number | undefined;
  readonly kind: InterfaceKind;
  readonly addresses: readonly Prefix[];
  /** The pod at the other end of a veth. */
  readonly pod: string | undefined;
}

export interface Pod {
  readonly name: string;
  readonly node: string;
  readonly address: Address;
  /** Shares the node's network namespace and so its address. */
  readonly hostNetwork: boolean;
  readonly hostPorts: readonly HostPort[];
  /** Ports a hostNetwork pod listens on. */
  readonly ports: readonly number[];
  /** It was deleted before the captures ended, so its address no longer serves anything. */
  readonly gone: boolean;
}

/** One `ports[]` entry of a container that has a hostPort. */
export interface HostPort {
  readonly hostPort: number;
  readonly containerPort: number;
  readonly protocol: "tcp" | "udp" | "sctp";
  /** The only address of the node that serves the port; undefined means all of them. */
  readonly hostIP: Address | undefined;
}

export interface ExternalClient {
  readonly name: string;
  readonly addresses: readonly Prefix[];
}
