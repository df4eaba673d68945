/** A Kubernetes Service as far as it decides where packets go. */
import type { Address } from "#net/address.js";
import type { Prefix } from "#net/prefix.js";

export interface Service {
  /** `namespace/name`. */
  readonly name: string;
  /** One per address family; none for a headless Service. */
  readonly clusterIPs: readonly Address[];
  readonly ports: readonly ServicePort[];
  readonly externalIPs: readonly Address[];
  /** `status.loadBalancer.ingress[].ip`. */
  readonly loadBalancerIPs: readonly Address[];
  /** Empty: everybody. */
  readonly loadBalancerSourceRanges: readonly Prefix[];
  readonly externalTrafficPolicy: TrafficPolicy;
  readonly internalTrafficPolicy: TrafficPolicy;
  /** How long a client stays with its endpoint (`ClientIP`); undefined: `sessionAffinity: None`. */
  readonly sessionAffinitySeconds: number | undefined;
  readonly healthCheckNodePort: number | undefined;
  /** Whether kube-proxy heeds its endpoints' `zoneHints`. */
  readonly topologyHints?: boolean | undefined;
  readonly endpoints: readonly ServiceEndpoint[];
}

export type TrafficPolicy = "Cluster" | "Local";

export interface ServicePort {
  readonly name: string | undefined;
  readonly protocol: "tcp" | "udp" | "sctp";
  readonly port: number;
  /** Where its endpoints listen. */
  readonly targetPort: number;
  readonly nodePort: number | undefined;
}

/** One entry of an EndpointSlice. */
export interface ServiceEndpoint {
  readonly address: Address;
  /** The node it runs on; undefined for an address outside the cluster. */
  readonly node: string | undefined;
  readonly pod: string | undefined;
  /** Instead of the port's `targetPort`. */
  readonly port: number | undefined;
  readonly ready: boolean;
  readonly serving: boolean;
  readonly terminating: boolean;
  /** `hints.forZones`: zones whose clients it is kept for. */
  readonly zoneHints?: readonly string[] | undefined;
}

/** How kube-proxy was started, where that changes its rules. */
export interface KubeProxy {
  readonly mode: "iptables" | "ipvs" | "userspace";
  /** `1.28`; the newest that is modelled when undefined. */
  readonly version: string | undefined;
  /** How it tells the cluster's own clients; `none` when it cannot (no `--cluster-cidr`). */
  readonly localDetector: "cluster-cidr" | "none";
  readonly masqueradeAll: boolean;
  /** `--nodeport-addresses`; empty: every address of the node. */
  readonly nodePortAddresses: readonly Prefix[];
  /** `iptables.localhostNodePorts`. */
  readonly localhostNodePorts: boolean;
  /** Whether the node's iptables knows `--random-fully`. */
  readonly randomFully: boolean;
  /** `ipvs.scheduler`. */
  readonly scheduler: "rr" | "wrr" | "lc" | "sh";
}
