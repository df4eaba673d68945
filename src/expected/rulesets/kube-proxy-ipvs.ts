/**
 * What kube-proxy installs in ipvs mode (k8s v1.28.7 pkg/proxy/ipvs/proxier.go syncProxyRules): IPVS
 * gives connections to endpoints, and iptables with its ipsets says what is masqueraded. The rules and
 * sets were held against a kernel, the virtual servers were not: none with IPVS was at hand.
 */
import type { IpSet } from "#expected/netfilter/ip-set.js";
import type { VirtualServer } from "#expected/netfilter/virtual-server.js";
import type { Address } from "#net/address.js";
import type { InstalledRules } from "./installed-rules.js";
import { readIpsetSave } from "./ipset-save.js";
import { readIpvsadmSave } from "./ipvsadm-save.js";
import { isOfFamily } from "./kube-proxy-family.js";
import { ipvsRules } from "./kube-proxy-ipvs-rules.js";
import { boundAddresses, ipvsadmSaveText, nodePortAddresses } from "./kube-proxy-ipvs-servers.js";
import { hairpins, ipsetSaveText, ipSetEntries } from "./kube-proxy-ipvs-sets.js";
import { proxiedPorts } from "./kube-proxy-ports.js";
import type { KubeProxyInput } from "./kube-proxy.js";

export interface KubeProxyIpvs {
  readonly rules: InstalledRules;
  readonly sets: ReadonlyMap<string, IpSet>;
  readonly virtualServers: readonly VirtualServer[];
  /** Of the interface kube-ipvs0: packets for them are the node's own, and so IPVS gets them. */
  readonly addresses: readonly Address[];
  readonly sysctls: readonly (readonly [string, string])[];
}

/** The interface that holds the virtual servers' addresses; it sends nothing. */
export const IPVS_DEVICE = "kube-ipvs0";

export function kubeProxyIpvs(input: KubeProxyInput): KubeProxyIpvs {
  const { family, node, services, kubeProxy, clusterCIDR } = input;
  const ports = proxiedPorts({ family, node: node.name, zone: node.zone, services });
  const nodePortsOn = nodePortAddresses(input);
  const addresses = boundAddresses(ports, node);
  const nodeIP = node.addresses.find((address) => isOfFamily(address, family));
  const entries = ipSetEntries({
    ports,
    nodePortsOn,
    nodeIP,
    addresses,
    hairpins: hairpins(input),
  });
  const canTell = kubeProxy.localDetector === "cluster-cidr" && clusterCIDR !== undefined;
  const localSources = canTell && isOfFamily(clusterCIDR.address, family) ? clusterCIDR : undefined;
  const file = `ipvsadm generated for ${node.name}`;
  const text = ipvsadmSaveText({ ports, kubeProxy, nodePortsOn });
  return {
    rules: ipvsRules({ family, kubeProxy, entries, localSources }),
    sets: readIpsetSave(ipsetSaveText(entries, family)),
    virtualServers: readIpvsadmSave({ file, text }).servers,
    addresses,
    // NewProxier; without it the balanced packets are not masqueraded.
    sysctls: [["net.ipv4.vs.conntrack", "1"]],
  };
}
