/** A dual-stack cluster as one address family sees it. */
import type { Topology } from "#cluster/topology.js";
import type { Prefix } from "#net/prefix.js";
import { isOfFamily, type Family } from "./node-interfaces.js";

/** What has no counterpart of that family stays as it is: whoever asks for it can be told. */
export function familyTopology(topology: Topology, family: Family): Topology {
  const { nodes, pods, clusterCIDR, secondaryClusterCIDR } = topology;
  const inFamily = new Set(
    pods.filter(({ address }) => isOfFamily(family, address)).map(({ name }) => name),
  );
  return {
    ...topology,
    clusterCIDR: blockOf(family, [clusterCIDR, secondaryClusterCIDR]),
    nodes: nodes.map((node) => ({
      ...node,
      podCIDR: blockOf(family, [node.podCIDR, node.secondaryPodCIDR]),
    })),
    pods: pods.filter(({ name, address }) => isOfFamily(family, address) || !inFamily.has(name)),
  };
}

function blockOf(
  family: Family,
  [first, second]: readonly (Prefix | undefined)[],
): Prefix | undefined {
  return second !== undefined && isOfFamily(family, second.address) ? second : first;
}
