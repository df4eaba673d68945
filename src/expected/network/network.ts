/** The network of a cluster that a topology tells of, or its nodes' own state. */
import type { Node, Topology } from "#cluster/topology.js";
import type { NodeState } from "#expected/netfilter/node-state.js";
import { hasOwnNamespace } from "./namespace.js";
import type { Network } from "./namespaces.js";
import { isOfFamily, nodeInterfaces, type Family } from "./node-interfaces.js";
import { ipvsInterface, ipvsOn } from "./node-ipvs.js";
import { nodeRoutes } from "./node-routes.js";
import { kubeProxyInput, nodeRules } from "./node-rules.js";
import { nodeSysctls } from "./node-sysctls.js";
import { podState } from "./pod-state.js";

export type { Network } from "./namespaces.js";

export interface NetworkOptions {
  readonly family: Family;
  /** By the node's name, read from its own files: instead of what the topology lets one expect. */
  readonly states?: ReadonlyMap<string, NodeState>;
}

export function networkOf(topology: Topology, { family, states }: NetworkOptions): Network {
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
      return node ? [[pod.name, podState({ topology, pod, family, node })]] : [];
    });
  const isGenerated = topology.nodes.some(({ name }) => !states?.has(name));
  const assumptions = isGenerated ? GENERATED : [];
  return { topology, family, nodes, pods: new Map(pods), assumptions };
}

const GENERATED = [
  "net.bridge.bridge-nf-call-iptables is 1, as kubeadm asks for",
  "no reverse path filter drops anything",
];

function generatedState(asked: {
  readonly topology: Topology;
  readonly node: Node;
  readonly family: Family;
}): NodeState {
  const { topology, node } = asked;
  const ipvs = ipvsOn(kubeProxyInput(asked));
  return {
    name: node.name,
    interfaces: [...nodeInterfaces(topology, node), ...(ipvs ? [ipvsInterface(ipvs)] : [])],
    routes: nodeRoutes(asked),
    sysctls: new Map([...nodeSysctls(topology, node), ...(ipvs?.sysctls ?? [])]),
    rules: nodeRules(asked),
    sets: ipvs?.sets ?? new Map(),
    entries: [],
    ipvs: ipvs?.virtualServers ?? [],
  };
}
