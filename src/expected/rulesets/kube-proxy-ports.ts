/** A Service's ports as kube-proxy has them (k8s v1.28.7 pkg/proxy/service.go BaseServicePortInfo). */
import type { Service, ServicePort } from "#cluster/service.js";
import type { Address } from "#net/address.js";
import type { Prefix } from "#net/prefix.js";
import { proxiedEndpoints, usableEndpoints, type UsableEndpoints } from "./kube-proxy-endpoints.js";
import { isOfFamily, prefixesOf, type Family } from "./kube-proxy-family.js";
import { portChains, portName, type PortChains, type PortName } from "./kube-proxy-names.js";

/** One port of one Service, in one address family, as one node sees it. */
export interface ProxiedPort extends PortName {
  readonly clusterIP: Address;
  readonly port: number;
  readonly nodePort: number | undefined;
  readonly externalIPs: readonly Address[];
  readonly loadBalancerIPs: readonly Address[];
  readonly sourceRanges: readonly Prefix[];
  readonly isExternalLocal: boolean;
  readonly affinitySeconds: number | undefined;
  readonly healthCheckNodePort: number | undefined;
  readonly endpoints: UsableEndpoints;
  /** Whether somebody answers what comes for the cluster IP; and for all the other addresses. */
  readonly hasInternal: boolean;
  readonly hasExternal: boolean;
  readonly isExternallyAccessible: boolean;
  readonly chains: PortChains;
  /** The chain that traffic for the cluster IP goes to; and external traffic in the end. */
  readonly internalChain: string;
  readonly externalPolicyChain: string;
}

export interface PortsInput {
  readonly family: Family;
  /** The name of the node. */
  readonly node: string;
  /** `topology.kubernetes.io/zone` of the node. */
  readonly zone?: string | undefined;
  readonly services: readonly Service[];
}

/** A Service without a cluster IP of the family has no rules. */
export function proxiedPorts({ family, node, zone, services }: PortsInput): readonly ProxiedPort[] {
  return services.flatMap((service) => {
    const clusterIP = service.clusterIPs.find((address) => isOfFamily(address, family));
    if (clusterIP === undefined) return [];
    return service.ports.map((port) =>
      proxiedPort({ family, node, zone, service, port, clusterIP }),
    );
  });
}

interface PortInput {
  readonly family: Family;
  readonly node: string;
  readonly zone: string | undefined;
  readonly service: Service;
  readonly port: ServicePort;
  readonly clusterIP: Address;
}

function proxiedPort({ family, node, zone, service, port, clusterIP }: PortInput): ProxiedPort {
  const ours = (addresses: readonly Address[]): readonly Address[] =>
    addresses.filter((address) => isOfFamily(address, family));
  const externalIPs = ours(service.externalIPs);
  const loadBalancerIPs = ours(service.loadBalancerIPs);
  const isExternallyAccessible =
    port.nodePort !== undefined || externalIPs.length + loadBalancerIPs.length > 0;
  const isInternalLocal = service.internalTrafficPolicy === "Local";
  const isExternalLocal = service.externalTrafficPolicy === "Local";
  const endpoints = usableEndpoints(
    proxiedEndpoints({ family, node, targetPort: port.targetPort, endpoints: service.endpoints }),
    {
      // Under an external Local policy too: pods and the node itself reach every endpoint.
      cluster: !isInternalLocal || isExternallyAccessible,
      local: isInternalLocal || (isExternalLocal && isExternallyAccessible),
      zone: service.topologyHints ? zone : undefined,
    },
  );
  const answers = (isLocal: boolean): boolean =>
    isLocal ? endpoints.local.length > 0 : endpoints.exist;
  const { protocol, nodePort } = port;
  const name = portName({ service: service.name, port: port.name });
  const chains = portChains({ name, protocol });
  return {
    name,
    protocol,
    clusterIP,
    port: port.port,
    nodePort,
    externalIPs,
    loadBalancerIPs,
    sourceRanges: prefixesOf(service.loadBalancerSourceRanges, family),
    isExternalLocal,
    affinitySeconds: service.sessionAffinitySeconds,
    // pkg/api/v1/service/util.go NeedsHealthCheck.
    healthCheckNodePort: isExternalLocal ? service.healthCheckNodePort : undefined,
    endpoints,
    hasInternal: answers(isInternalLocal),
    hasExternal: answers(isExternalLocal),
    isExternallyAccessible,
    chains,
    internalChain: isInternalLocal ? chains.local : chains.cluster,
    externalPolicyChain: isExternalLocal ? chains.local : chains.cluster,
  };
}
