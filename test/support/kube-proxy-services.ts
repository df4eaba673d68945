/** Services and kube-proxy settings for tests, of which each test says only what it is about. */
import type { KubeProxy, Service, ServiceEndpoint } from "#cluster/service.js";

export function madeService(more: Partial<Service>): Service {
  return {
    name: "default/web",
    clusterIPs: ["10.96.0.50"],
    ports: [{ name: undefined, protocol: "tcp", port: 80, targetPort: 8080, nodePort: undefined }],
    externalIPs: [],
    loadBalancerIPs: [],
    loadBalancerSourceRanges: [],
    externalTrafficPolicy: "Cluster",
    internalTrafficPolicy: "Cluster",
    sessionAffinitySeconds: undefined,
    healthCheckNodePort: undefined,
    endpoints: [],
    ...more,
  };
}

/** A ready endpoint of node1. */
export function madeEndpoint(
  address: string,
  more: Partial<ServiceEndpoint> = {},
): ServiceEndpoint {
  return {
    address,
    node: "node1",
    pod: undefined,
    port: undefined,
    ready: true,
    serving: true,
    terminating: false,
    ...more,
  };
}

/** As kube-proxy starts with `--cluster-cidr`. */
export function madeProxy(more: Partial<KubeProxy> = {}): KubeProxy {
  return {
    mode: "iptables",
    version: "1.28",
    localDetector: "cluster-cidr",
    masqueradeAll: false,
    nodePortAddresses: [],
    localhostNodePorts: true,
    randomFully: true,
    scheduler: "rr",
    ...more,
  };
}
