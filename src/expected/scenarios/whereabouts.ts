/** Whose an address is, and which pod or node a party of a connection is. */
import type { Node, Pod, Topology } from "#cluster/topology.js";
import type { Network } from "#expected/network/network.js";
import type { Party } from "#expected/network/path.js";
import type { Address } from "#net/address.js";

/** The node that has the address on any of its interfaces, of the topology or assumed. */
export function nodeOfAddress({ topology, nodes }: Network, address: Address): string | undefined {
  const listed = topology.nodes.find(({ addresses }) => addresses.includes(address));
  if (listed) return listed.name;
  const found = [...nodes.values()].find(({ interfaces }) =>
    interfaces.some(
      (port) => !port.isLoopback && port.addresses.some((own) => own.address === address),
    ),
  );
  return found?.name;
}

export function podOfAddress({ pods }: Topology, address: Address): Pod | undefined {
  const owners = pods.filter((pod) => !pod.hostNetwork && pod.address === address);
  return owners.find((pod) => !pod.gone) ?? owners[0];
}

export function podNamed({ pods }: Topology, name: string): Pod | undefined {
  return pods.find((pod) => pod.name === name);
}

export function nodeNamed({ nodes }: Topology, name: string | undefined): Node | undefined {
  return nodes.find((node) => node.name === name);
}

/** The pod in whose namespace a pod runs: another's, where it shares one. */
export function namespaceOf(topology: Topology, name: string): string {
  const shared = podNamed(topology, name)?.sharesNetworkOf;
  return shared === undefined ? name : namespaceOf(topology, shared);
}

/** The node that a party's packets reach first; undefined for one outside. */
export function homeOf(topology: Topology, party: Party): string | undefined {
  switch (party.kind) {
    case "outside":
      return undefined;
    case "node":
      return party.name;
    case "pod":
      return podNamed(topology, party.name)?.node;
  }
}

/** Docker's own machine: no pods have addresses there, so nothing of Kubernetes is in the way. */
export function isDockerHost(node: Node | undefined): boolean {
  return node?.docker !== undefined && node.podCIDR === undefined;
}

/** Of Docker and not of Kubernetes. */
export function isContainer(topology: Topology, pod: Pod): boolean {
  return pod.network !== undefined || isDockerHost(nodeNamed(topology, pod.node));
}

/** `docker run --network none`: a namespace with nothing but lo. */
export function hasNoNetwork(topology: Topology, pod: Pod): boolean {
  if (pod.hostNetwork || pod.sharesNetworkOf !== undefined) return false;
  if (pod.network === "none") return true;
  return pod.network === undefined && isDockerHost(nodeNamed(topology, pod.node));
}
