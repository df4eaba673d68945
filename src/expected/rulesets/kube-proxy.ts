/**
 * kube-proxy's rules in iptables mode, as they have been since 1.25 (k8s v1.28.7
 * pkg/proxy/iptables/proxier.go). Since 1.32 two more rules count packets with `-m nfacct` where the
 * kernel can; they send packets nowhere else and are not written.
 */
import type { KubeProxy, Service } from "#cluster/service.js";
import type { Address } from "#net/address.js";
import type { Prefix } from "#net/prefix.js";
import type { InstalledRule, InstalledRules } from "./installed-rules.js";
import {
  balanceRules,
  endpointRules,
  LARGE_CLUSTER_ENDPOINTS,
  type BalanceSettings,
} from "./kube-proxy-balance.js";
import {
  BASE_CHAINS,
  chainsOf,
  FORWARD_RULES,
  hasLocalhostNodePorts,
  JUMPS,
  LOCALNET_RULE,
  masqueradeRules,
  nodePortEntries,
} from "./kube-proxy-base.js";
import { isOfFamily, type Family } from "./kube-proxy-family.js";
import { filterRules } from "./kube-proxy-filter.js";
import { endpointChain } from "./kube-proxy-names.js";
import {
  entryRules,
  externalRules,
  firewallRules,
  hasFirewall,
  internalRules,
  type NatSettings,
} from "./kube-proxy-nat.js";
import { proxiedPorts, type ProxiedPort } from "./kube-proxy-ports.js";

export interface KubeProxyInput {
  readonly family: Family;
  readonly node: ProxyNode;
  readonly services: readonly Service[];
  readonly kubeProxy: KubeProxy;
  /** kube-proxy's `--cluster-cidr`, of this family. */
  readonly clusterCIDR: Prefix | undefined;
}

export interface ProxyNode {
  readonly name: string;
  /** Of every interface; the first of the family is the node's own IP. */
  readonly addresses: readonly Address[];
  /** `topology.kubernetes.io/zone`. */
  readonly zone?: string | undefined;
}

/** The order among Services is the given one; kube-proxy's changes from one start to the next. */
export function kubeProxyRules(input: KubeProxyInput): InstalledRules {
  const { family, node, services, kubeProxy, clusterCIDR } = input;
  const ports = proxiedPorts({ family, node: node.name, zone: node.zone, services });
  const canTell = kubeProxy.localDetector === "cluster-cidr" && clusterCIDR !== undefined;
  const nat: NatSettings = {
    masqueradeAll: kubeProxy.masqueradeAll,
    localSources: canTell && isOfFamily(clusterCIDR.address, family) ? clusterCIDR : undefined,
    nodeIP: node.addresses.find((address) => isOfFamily(address, family)),
  };
  const count = ports.reduce((sum, { endpoints }) => sum + endpoints.known, 0);
  const balance: BalanceSettings = { family, hasComments: count <= LARGE_CLUSTER_ENDPOINTS };
  const ownChains = ports.flatMap((port) => chainsOf("nat", chainsOfPort(port)));
  return {
    chains: [...BASE_CHAINS, ...ownChains],
    rules: [
      ...JUMPS,
      ...masqueradeRules(kubeProxy),
      ...ports.flatMap(entryRules),
      ...nodePortEntries({ family, addresses: node.addresses, kubeProxy }),
      ...ports.flatMap((port) => portRules(port, nat, balance)),
      ...ports.flatMap((port) => filterRules(port, family)),
      ...FORWARD_RULES,
      ...(hasLocalhostNodePorts({ family, kubeProxy }) ? [LOCALNET_RULE] : []),
    ],
  };
}

function usesExternalChain({ endpoints, isExternallyAccessible }: ProxiedPort): boolean {
  return endpoints.exist && isExternallyAccessible;
}

function chainsOfPort(port: ProxiedPort): readonly string[] {
  const { chains, endpoints } = port;
  return [
    ...(usesExternalChain(port) ? [chains.external] : []),
    ...(hasFirewall(port) ? [chains.firewall] : []),
    ...(endpoints.cluster.length > 0 ? [chains.cluster] : []),
    ...(endpoints.local.length > 0 ? [chains.local] : []),
    ...endpoints.reachable.map(({ text }) => endpointChain(port, text)),
  ];
}

function portRules(
  port: ProxiedPort,
  nat: NatSettings,
  balance: BalanceSettings,
): readonly InstalledRule[] {
  const { chains, endpoints } = port;
  return [
    ...internalRules(port, nat),
    ...(usesExternalChain(port) ? externalRules(port, nat) : []),
    ...(hasFirewall(port) ? firewallRules(port, nat) : []),
    ...balanceRules(port, { chain: chains.cluster, endpoints: endpoints.cluster }, balance),
    ...balanceRules(port, { chain: chains.local, endpoints: endpoints.local }, balance),
    ...endpoints.reachable.flatMap((endpoint) => endpointRules(port, endpoint, balance)),
  ];
}
