/** The rules of a node whose own nobody printed: what each program on it installs, in their order. */
import type { KubeProxy } from "#cluster/service.js";
import type { Node, Pod, Topology } from "#cluster/topology.js";
import type { Ruleset } from "#expected/netfilter/rule.js";
import { cniBridgeMasqueradeRules } from "#expected/rulesets/cni-bridge-rules.js";
import { dockerRules } from "#expected/rulesets/docker-rules.js";
import { flannelRules } from "#expected/rulesets/flannel-rules.js";
import { iptablesSaveText, type InstalledRules } from "#expected/rulesets/installed-rules.js";
import { readIptablesSave } from "#expected/rulesets/iptables-save.js";
import { userspaceRules } from "#expected/rulesets/kube-proxy-userspace.js";
import { kubeProxyRules, type KubeProxyInput } from "#expected/rulesets/kube-proxy.js";
import { PORTMAP_DEFAULTS, portmapRules } from "#expected/rulesets/portmap-rules.js";
import { CURRENT_PORTMAP } from "#expected/rulesets/portmap.js";
import { isOfFamily, nodeInterfaces, type Family } from "./node-interfaces.js";
import { ipvsOn } from "./node-ipvs.js";

export interface RulesAsked {
  readonly topology: Topology;
  readonly node: Node;
  readonly family: Family;
}

export function nodeRules(asked: RulesAsked): Ruleset {
  const file = `rules generated for ${asked.node.name}`;
  return readIptablesSave({ file, text: nodeRulesText(asked) });
}

/** As `iptables-save` would print them. */
function nodeRulesText(asked: RulesAsked): string {
  return iptablesSaveText(programsOn(asked));
}

/** Docker starts first, then the pod network and kube-proxy; portmap comes with the pods. */
function programsOn(asked: RulesAsked): readonly InstalledRules[] {
  return [...dockerOn(asked), ...podNetworkOn(asked), ...kubeProxyOn(asked), ...portmapOn(asked)];
}

function dockerOn({ topology, node, family }: RulesAsked): readonly InstalledRules[] {
  const { docker } = node;
  if (docker === undefined || docker.networks.length === 0) return [];
  const containers = podsOn({ topology, node }).filter(({ network }) => network !== undefined);
  return [dockerRules({ family, ...docker, containers })];
}

/** Undefined in the topology: flannel, which is what a cluster with an overlay of VXLAN mostly is. */
export function masqueraderOf({ podNetwork }: Topology): "flannel" | "cni-bridge" | "none" {
  return podNetwork?.masquerade ?? "flannel";
}

function podNetworkOn(asked: RulesAsked): readonly InstalledRules[] {
  switch (masqueraderOf(asked.topology)) {
    case "flannel":
      return flannelOn(asked);
    case "cni-bridge":
      return [cniBridgeMasqueradeRules({ family: asked.family, pods: bridgedPods(asked) })];
    case "none":
      return [];
  }
}

function flannelOn({ topology, node, family }: RulesAsked): readonly InstalledRules[] {
  const { clusterCIDR, kubeProxy } = topology;
  const { podCIDR } = node;
  if (podCIDR === undefined || clusterCIDR === undefined) return [];
  if (![podCIDR, clusterCIDR].every(({ address }) => isOfFamily(family, address))) return [];
  const randomFully = kubeProxy?.randomFully ?? true;
  return [flannelRules({ family, podCIDR, clusterCIDR, randomFully })];
}

function kubeProxyOn(asked: RulesAsked): readonly InstalledRules[] {
  const input = kubeProxyInput(asked);
  if (input === undefined) return [];
  const ipvs = ipvsOn(input);
  if (ipvs) return [ipvs.rules];
  if (input.kubeProxy.mode === "iptables") return [kubeProxyRules(input)];
  const { addresses } = input.node;
  // Where kube-proxy listens no topology says.
  return [userspaceRules({ ...input, addresses, proxyPorts: new Map() })];
}

/** Undefined on a cluster without kube-proxy. */
export function kubeProxyInput({ topology, node, family }: RulesAsked): KubeProxyInput | undefined {
  const { services, clusterCIDR } = topology;
  const kubeProxy = kubeProxyOf(topology);
  if (kubeProxy === undefined) return undefined;
  const own = nodeInterfaces(topology, node)
    .filter(({ isLoopback }) => !isLoopback)
    .flatMap(({ addresses }) => addresses.map(({ address }) => address));
  const addresses = [...new Set([...node.addresses, ...own])];
  const proxyNode = { name: node.name, addresses, zone: node.zone };
  return { family, node: proxyNode, services, kubeProxy, clusterCIDR };
}

/** Undefined on a cluster that has none, as far as the topology tells. */
export function kubeProxyOf({ kubeProxy, services }: Topology): KubeProxy | undefined {
  return kubeProxy ?? (services.length > 0 ? KUBE_PROXY_DEFAULTS : undefined);
}

/** k8s pkg/proxy/apis/config/v1alpha1/defaults.go. */
const KUBE_PROXY_DEFAULTS: KubeProxy = {
  mode: "iptables",
  version: undefined,
  localDetector: "cluster-cidr",
  masqueradeAll: false,
  nodePortAddresses: [],
  localhostNodePorts: true,
  randomFully: true,
  scheduler: "rr",
};

function portmapOn(asked: RulesAsked): readonly InstalledRules[] {
  const entries = bridgedPods(asked).filter(({ mappings }) => mappings.length > 0);
  if (entries.length === 0) return [];
  const version = asked.topology.portmap ?? CURRENT_PORTMAP;
  return [portmapRules({ family: asked.family, version, entries, options: PORTMAP_DEFAULTS })];
}

/** What kubenet's and flannel's CNI configuration is called. */
const CNI_NETWORK = "cbr0";

function bridgedPods({ topology, node, family }: RulesAsked) {
  const prefixLength = node.podCIDR?.length ?? (family === "ipv6" ? 128 : 32);
  return podsOn({ topology, node })
    .filter(({ network, address }) => network === undefined && isOfFamily(family, address))
    .map(({ name, address, hostPorts: mappings }) => ({
      name,
      networkName: CNI_NETWORK,
      address,
      prefixLength,
      mappings,
    }));
}

/** Those that a CNI plugin or Docker gave a namespace. */
function podsOn({ topology, node }: Omit<RulesAsked, "family">): readonly Pod[] {
  return topology.pods.filter(
    (pod) =>
      pod.node === node.name && !pod.gone && !pod.hostNetwork && pod.sharesNetworkOf === undefined,
  );
}
