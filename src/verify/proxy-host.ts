/** On which machine a connection ends, and on which one begins, by the addresses that a topology lists. */
import { placeOf } from "#cluster/point-role.js";
import type { Topology } from "#cluster/topology.js";
import { addressBits, isLoopback, type Address } from "#net/address.js";
import type { IsOneHost } from "#observed/correlate/proxied.js";
import type { Journey } from "#observed/correlate/journey.js";

/** Undefined where the topology does not know both. */
export function oneHost(topology: Topology | undefined): IsOneHost {
  if (topology === undefined) return () => undefined;
  const hosts = hostsOf(topology);
  const hostOf = (journey: Journey, side: "originator" | "responder"): string | undefined => {
    const found = journey.connections.flatMap((connection) => {
      const { address } = connection[side];
      if (!isLoopback(address)) return hosts.get(address) ?? [];
      const { role, node, pod } = placeOf(connection.point.name, topology);
      const place = role === "pod" ? pod : node;
      return place === undefined ? [] : [hostNamed(place, topology)];
    });
    // NAT leads from a node's address to a pod, and from a pod behind its node's.
    return found.find((host) => host.startsWith(POD)) ?? found[0];
  };
  return ({ first, second }) => {
    const end = hostOf(first, "responder");
    const begin = hostOf(second, "originator");
    return end === undefined || begin === undefined ? undefined : end === begin;
  };
}

const POD = "pod ";

function hostsOf({ nodes, pods, clients }: Topology): ReadonlyMap<Address, string> {
  const hosts = new Map<Address, string>();
  for (const { name, addresses, interfaces } of nodes) {
    for (const address of addresses) hosts.set(address, name);
    for (const { addresses: own, kind } of interfaces) {
      // A pod's veth has the pod's address beside it, if any.
      if (kind !== "veth") for (const { address } of own) hosts.set(address, name);
    }
  }
  // A balancer outside, by the addresses that are its own.
  for (const { name, addresses, isBalancer } of clients) {
    if (!isBalancer) continue;
    for (const { address, length } of addresses) {
      if (length === addressBits(address).width) hosts.set(address, name);
    }
  }
  for (const { name, address, hostNetwork } of pods) {
    if (!hostNetwork) hosts.set(address, POD + name);
  }
  return hosts;
}

/** A pod on its node's network is on the node. */
function hostNamed(place: string, { pods }: Topology): string {
  const pod = pods.find(({ name }) => name === place);
  if (pod === undefined) return place;
  return pod.hostNetwork ? pod.node : POD + place;
}
