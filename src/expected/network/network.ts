/** The network of a cluster that a topology tells of, or its nodes' own state. */
import type { Node, Topology } from "#cluster/topology.js";
import type { NodeState } from "#expected/netfilter/node-state.js";
import type { Ruleset } from "#expected/netfilter/rule.js";
import { dockerGeneration } from "#expected/rulesets/docker-setting.js";
import { kubeProxyLimit } from "#expected/rulesets/kube-proxy-limit.js";
import { portmapBehaviour } from "#expected/rulesets/portmap.js";
import { familyTopology } from "./family-topology.js";
import { hasOwnNamespace } from "./namespace.js";
import type { Network } from "./namespaces.js";
import { isOfFamily, nodeInterfaces, type Family } from "./node-interfaces.js";
import { ipvsInterface, ipvsOn } from "./node-ipvs.js";
import { nodeRoutes } from "./node-routes.js";
import { kubeProxyInput, nodeRules } from "./node-rules.js";
import { nodeSysctls } from "./node-sysctls.js";
import { podState } from "./pod-state.js";
import { UnknownVersionError } from "./unknown-version.js";

export type { Network } from "./namespaces.js";

export interface NetworkOptions {
  readonly family: Family;
  /**
   * Read from files, instead of what the topology lets one expect: of a node by its name, of a pod
   * with a namespace of its own by `podStateName`.
   */
  readonly states?: ReadonlyMap<string, NodeState>;
}

/** How files call a pod's own state, `pod-web.iptables-save.txt`; `pod-default_web` of `default/web`. */
export function podStateName(pod: string): string {
  return `pod-${pod.replace("/", "_")}`;
}

/** @throws UnknownVersionError for a version of portmap or Docker whose rules are not known. */
export function networkOf(whole: Topology, { family, states }: NetworkOptions): Network {
  const topology = familyTopology(whole, family);
  refuseUnknownVersions(topology);
  const nodes = new Map(
    topology.nodes.map((node) => [
      node.name,
      states?.get(node.name) ?? generatedState({ topology, node, family }),
    ]),
  );
  const pods = topology.pods
    .filter((pod) => hasOwnNamespace(pod) && isOfFamily(family, pod.address) && !pod.gone)
    .flatMap((pod): [string, NodeState][] => {
      const node = nodes.get(pod.node);
      const own = states?.get(podStateName(pod.name));
      const state = own ?? (node && podState({ topology, pod, family, node }));
      return state ? [[pod.name, state]] : [];
    });
  const generated = topology.nodes.filter(({ name }) => !states?.has(name));
  const assumptions = [
    ...(topology.assumptions ?? []),
    ...(generated.length > 0 ? assumedOf(topology, generated) : []),
  ];
  return { topology, family, nodes, pods: new Map(pods), assumptions };
}

function refuseUnknownVersions({ portmap, nodes }: Topology): void {
  if (portmap !== undefined && portmapBehaviour(portmap) === undefined) {
    throw new UnknownVersionError(`portmap ${portmap}: not a version from 0.6.0 on`);
  }
  for (const { name, docker } of nodes) {
    if (docker === undefined || dockerGeneration(docker.version) !== undefined) continue;
    throw new UnknownVersionError(`Docker ${docker.version} on ${name}: not a version from 18 on`);
  }
}

/** What a state that is made from the topology rests on. */
function assumedOf(topology: Topology, generated: readonly Node[]): readonly string[] {
  const { kubeProxy, podNetwork, clusterCIDR } = topology;
  const limit = kubeProxy && kubeProxyLimit(kubeProxy);
  const unlisted = generated.filter(({ interfaces }) => interfaces.length === 0);
  const names = shortList(unlisted.map(({ name }) => name));
  return [
    "net.bridge.bridge-nf-call-iptables is 1, as kubeadm asks for",
    "no reverse path filter drops anything",
    ...(podNetwork === undefined && clusterCIDR !== undefined && !hasFlannel(topology)
      ? ["what pods send out of the cluster is masqueraded as flannel does it"]
      : []),
    ...(unlisted.length > 0 ? [`${names}: interfaces are called eth0, cni0 and flannel.1`] : []),
    ...(limit === undefined ? [] : [limit]),
  ];
}

/** Of five hundred nodes nobody reads the names. */
const MAX_NAMES = 5;

function shortList(names: readonly string[]): string {
  const others = names.length - MAX_NAMES;
  return others <= 0
    ? names.join(", ")
    : `${names.slice(0, MAX_NAMES).join(", ")} and ${others} more`;
}

function hasFlannel({ nodes }: Topology): boolean {
  return nodes.some(({ interfaces }) => interfaces.some(({ name }) => name.startsWith("flannel")));
}

function generatedState(asked: {
  readonly topology: Topology;
  readonly node: Node;
  readonly family: Family;
}): NodeState {
  const { topology, node } = asked;
  const ipvs = ipvsOn(kubeProxyInput(asked));
  let rules: Ruleset | undefined;
  return {
    name: node.name,
    interfaces: [...nodeInterfaces(topology, node), ...(ipvs ? [ipvsInterface(ipvs)] : [])],
    routes: nodeRoutes(asked),
    sysctls: new Map([...nodeSysctls(topology, node), ...(ipvs?.sysctls ?? [])]),
    // Of a node that nothing passes nobody asks them, and thousands of Services make many.
    get rules() {
      rules ??= nodeRules(asked);
      return rules;
    },
    sets: ipvs?.sets ?? new Map(),
    entries: [],
    ipvs: ipvs?.virtualServers ?? [],
  };
}
