/** Where a dialled connection's first packet enters the model. */
import type { Topology } from "#cluster/topology.js";
import { routeTo } from "#expected/netfilter/routing.js";
import { firstOfKind, interfaceKind, nodeWithAddress } from "./interfaces.js";
import { namespaceOfParty } from "./namespace.js";
import type { Network } from "./namespaces.js";
import type { Dial } from "./path.js";
import type { Visit } from "./ways.js";

export type Start =
  | { readonly visit: Visit; readonly assumptions: readonly string[] }
  | { readonly unknown: string };

export function startOf(network: Network, dial: Dial): Start {
  if (dial.from.kind === "outside") return enterFromOutside(network, dial);
  const namespace = namespaceOfParty(network, dial.from);
  if (namespace === undefined) {
    return { unknown: `no ${dial.from.kind} ${dial.from.name} is known` };
  }
  const input = { tuple: dial.tuple, arrival: { from: "process" as const } };
  return { visit: { namespace, input }, assumptions: [] };
}

/** By the uplink that has the dialled address, else by the one that leads back to the client. */
function enterFromOutside(network: Network, { tuple, via }: Dial): Start {
  const { address } = tuple.destination;
  const owner = nodeWithAddress(network, { address, kind: "uplink" });
  const assumed = owner || via !== undefined ? undefined : firstNodeFor(network.topology, address);
  const node = via ?? owner?.node ?? assumed;
  if (node === undefined) return { unknown: `no node has ${address}` };
  const back = uplinkTowards(network, { node, address: tuple.source.address });
  const name = owner?.node === node ? owner.name : back;
  if (name === undefined) return { unknown: `${node} has no uplink` };
  return {
    visit: {
      namespace: { kind: "node", name: node },
      input: { tuple, arrival: { from: "interface", name } },
    },
    assumptions: assumed === undefined ? [] : [`packets for ${address} come to ${assumed} first`],
  };
}

/** Virtual addresses are no node's own; a pod's lead to its node where others have routes to pods. */
function firstNodeFor({ nodes, services, pods }: Topology, address: string): string | undefined {
  const pod = pods.find((candidate) => candidate.address === address && !candidate.hostNetwork);
  if (pod !== undefined) return pod.node;
  const isVirtual = services.some(({ externalIPs, loadBalancerIPs, clusterIPs }) =>
    [externalIPs, loadBalancerIPs, clusterIPs].some((addresses) => addresses.includes(address)),
  );
  return isVirtual ? nodes[0]?.name : undefined;
}

function uplinkTowards(
  network: Network,
  { node, address }: { readonly node: string; readonly address: string },
): string | undefined {
  const state = network.nodes.get(node);
  const name = state && routeTo(state, address)?.hops[0]?.device;
  const isUplink = name !== undefined && interfaceKind(network, { node, name }) === "uplink";
  return isUplink ? name : firstOfKind(network, { node, kind: "uplink" });
}
