/** What the kernel's load balancer IPVS holds, as `ipvsadm -Sn` tells it. */
import type { Address } from "#net/address.js";

/** One virtual server, which the sources of IPVS call a service. */
export interface VirtualServer {
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** As the file writes it. */
  readonly text: string;
  readonly takes: Taken;
  /** `rr`, `wrr`, `lc`, `sh`: how it chooses among its real servers. */
  readonly scheduler: string;
  /** How long a client stays with its real server; undefined: it is not kept. */
  readonly persistenceSeconds: number | undefined;
  readonly realServers: readonly RealServer[];
  /** What in its lines is not modelled; a packet that it takes goes an unknown way. */
  readonly unmodelled: Unmodelled | undefined;
}

/** Which packets it takes. */
export type Taken =
  | {
      readonly by: "address";
      readonly protocol: string;
      readonly address: Address;
      /** 0: every port that no other virtual server of the address has. */
      readonly port: number;
    }
  | { readonly by: "mark"; readonly mark: number; readonly family: "ipv4" | "ipv6" };

export interface RealServer {
  readonly line: number;
  readonly text: string;
  readonly address: Address;
  /** 0: the port that was dialled. */
  readonly port: number;
  /** Only `masquerade` rewrites the packet; the others hand it on as it is. */
  readonly forwarding: "masquerade" | "direct" | "tunnel";
  /** 0 takes no new connection. */
  readonly weight: number;
}

/** The line that says it, and what it says. */
export interface Unmodelled {
  readonly line: number;
  readonly what: string;
}
