/** A port of a Service, as far as one node's rules or virtual servers tell it. */
import type { TrafficPolicy } from "#cluster/service.js";
import type { Address } from "#net/address.js";
import type { Prefix } from "#net/prefix.js";
import type { EndpointAddress } from "../endpoint-text.js";
import type { PortName } from "../kube-proxy-names.js";

export interface PortFromRules extends PortName {
  readonly clusterIPs: readonly Address[];
  /** Undefined where only a node port shows. */
  readonly port: number | undefined;
  readonly nodePort: number | undefined;
  readonly externalIPs: readonly Address[];
  readonly loadBalancerIPs: readonly Address[];
  readonly sourceRanges: readonly Prefix[];
  /** Undefined: the rules show nothing of it. */
  readonly externalPolicy: TrafficPolicy | undefined;
  readonly internalPolicy: TrafficPolicy | undefined;
  readonly affinitySeconds: number | undefined;
  readonly healthCheckNodePort: number | undefined;
  /** Those that any client is sent to. */
  readonly endpoints: readonly EndpointAddress[];
  /** Those of the node itself, as far as a Local policy makes kube-proxy list them. */
  readonly localEndpoints: readonly EndpointAddress[];
  /** Whether rules say that nobody serves it. */
  readonly isRefused: boolean;
  /** kube-proxy itself ends connections to it and chooses the endpoint, which no rule shows. */
  readonly isProxied?: boolean;
  /** A clause: why its rules do not tell how it is served from outside; undefined where they do. */
  readonly externalDoubt: string | undefined;
  /** Clauses: what in the rules is odd, and what was made of it. */
  readonly remarks: readonly string[];
}

/** What is not told of a port. */
export const UNTOLD: Omit<PortFromRules, keyof PortName> = {
  clusterIPs: [],
  port: undefined,
  nodePort: undefined,
  externalIPs: [],
  loadBalancerIPs: [],
  sourceRanges: [],
  externalPolicy: undefined,
  internalPolicy: undefined,
  affinitySeconds: undefined,
  healthCheckNodePort: undefined,
  endpoints: [],
  localEndpoints: [],
  isRefused: false,
  externalDoubt: undefined,
  remarks: [],
};
