/** Which of a Service's endpoints a node's kube-proxy uses (k8s v1.28.7 pkg/proxy/topology.go). */
import type { ServiceEndpoint, ServicePort } from "#cluster/service.js";
import { isOfFamily, type Family } from "./kube-proxy-family.js";

export interface ProxiedEndpoint {
  readonly address: string;
  readonly port: number;
  /** `10.0.0.1:80`, `[2001:db8::1]:80`. */
  readonly text: string;
  /** On the node itself. */
  readonly isLocal: boolean;
  readonly isReady: boolean;
  /** Still answers while its pod goes away. */
  readonly isServingLast: boolean;
  /** Zones whose clients it is kept for. */
  readonly zoneHints: readonly string[];
}

/** Which of the two kinds of traffic policy a port ever uses. */
export interface PolicyUse {
  readonly cluster: boolean;
  readonly local: boolean;
  /** The node's own, where the Service's hints are heeded; undefined where they are not. */
  readonly zone?: string | undefined;
}

export interface UsableEndpoints {
  /** For the `Cluster` policy; none when the port never uses it. */
  readonly cluster: readonly ProxiedEndpoint[];
  /** For the `Local` policy; none when the port never uses it. */
  readonly local: readonly ProxiedEndpoint[];
  /** Those of both. */
  readonly reachable: readonly ProxiedEndpoint[];
  /** Whether anybody in the cluster could answer, here or elsewhere. */
  readonly exist: boolean;
  /** How many there are, usable or not. */
  readonly known: number;
}

interface EndpointsInput {
  readonly family: Family;
  /** The name of the node. */
  readonly node: string;
  readonly targetPort: ServicePort["targetPort"];
  readonly endpoints: readonly ServiceEndpoint[];
}

/** Sorted as text, each once (pkg/proxy/endpointslicecache.go endpointsMapFromEndpointInfo). */
export function proxiedEndpoints({
  family,
  node,
  targetPort,
  endpoints,
}: EndpointsInput): readonly ProxiedEndpoint[] {
  const found = new Map<string, ProxiedEndpoint>();
  for (const endpoint of endpoints) {
    if (!isOfFamily(endpoint.address, family)) continue;
    const { address, ready, serving, terminating, zoneHints = [] } = endpoint;
    const port = endpoint.port ?? targetPort;
    const text = family === "ipv6" ? `[${address}]:${port}` : `${address}:${port}`;
    const isLocal = endpoint.node === node;
    // The same endpoint in two slices: the one that says it is local wins.
    if (found.has(text) && !isLocal) continue;
    const isServingLast = serving && terminating;
    found.set(text, { address, port, text, isLocal, isReady: ready, isServingLast, zoneHints });
  }
  return [...found.values()].sort((a, b) => (a.text < b.text ? -1 : 1));
}

/** CategorizeEndpoints; hints narrow down the `Cluster` policy alone. */
export function usableEndpoints(
  endpoints: readonly ProxiedEndpoint[],
  use: PolicyUse,
): UsableEndpoints {
  const cluster = use.cluster ? readyOrServingLast(ofZone(endpoints, use.zone)) : [];
  const local = use.local ? readyOrServingLast(endpoints.filter(({ isLocal }) => isLocal)) : [];
  // Local endpoints that only serve their last connections are no part of a cluster's ready ones.
  const reachable = [...cluster, ...local.filter((endpoint) => !cluster.includes(endpoint))];
  const exist = readyOrServingLast(endpoints).length > 0;
  return { cluster, local, reachable, exist, known: endpoints.length };
}

/** canUseTopology: as soon as one ready endpoint has no hint, or none is for this zone, all are used. */
function ofZone(
  endpoints: readonly ProxiedEndpoint[],
  zone: string | undefined,
): readonly ProxiedEndpoint[] {
  if (zone === undefined) return endpoints;
  const ready = endpoints.filter(({ isReady }) => isReady);
  const isFor = ({ zoneHints }: ProxiedEndpoint): boolean => zoneHints.includes(zone);
  const isHinted = ready.every(({ zoneHints }) => zoneHints.length > 0) && ready.some(isFor);
  return isHinted ? endpoints.filter((one) => !one.isReady || isFor(one)) : endpoints;
}

function readyOrServingLast(endpoints: readonly ProxiedEndpoint[]): readonly ProxiedEndpoint[] {
  const ready = endpoints.filter(({ isReady }) => isReady);
  return ready.length > 0 ? ready : endpoints.filter(({ isServingLast }) => isServingLast);
}
