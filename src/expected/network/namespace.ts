/** Which network namespace a pod's sockets are in. */
import type { Pod, Topology } from "#cluster/topology.js";
import type { NodeState } from "#expected/netfilter/node-state.js";
import type { Network } from "./namespaces.js";
import type { Hop, Party } from "./path.js";

export type Namespace = Hop["namespace"];

/** Containers join each other's namespaces; Docker refuses chains that come back to themselves. */
const MAX_JOINS = 8;

/** The node's for `hostNetwork`, another's for `--net=container:NAME`, else the pod's own. */
export function namespaceOfPod({ pods }: Topology, pod: Pod): Namespace {
  let at = pod;
  for (let joins = 0; at.sharesNetworkOf !== undefined && joins < MAX_JOINS; joins++) {
    const { sharesNetworkOf: name } = at;
    const other = pods.find((candidate) => candidate.name === name);
    if (other === undefined) break;
    at = other;
  }
  return at.hostNetwork ? { kind: "node", name: at.node } : { kind: "pod", name: at.name };
}

/** Undefined for somebody outside, and for names that the topology does not list. */
export function namespaceOfParty(network: Network, party: Party): Namespace | undefined {
  if (party.kind === "outside") return undefined;
  if (party.kind === "node") return known(network, { kind: "node", name: party.name });
  const pod = network.topology.pods.find(({ name }) => name === party.name);
  return pod && known(network, namespaceOfPod(network.topology, pod));
}

function known(network: Network, namespace: Namespace): Namespace | undefined {
  return stateOf(network, namespace) && namespace;
}

export function stateOf(network: Network, { kind, name }: Namespace): NodeState | undefined {
  return (kind === "node" ? network.nodes : network.pods).get(name);
}

export function sameNamespace(one: Namespace | undefined, other: Namespace | undefined): boolean {
  return one?.kind === other?.kind && one?.name === other?.name;
}

/** True of a pod that is there and has a namespace of its own. */
export function hasOwnNamespace({ hostNetwork, sharesNetworkOf }: Pod): boolean {
  return !hostNetwork && sharesNetworkOf === undefined;
}
