/** The routes of a node whose own state nobody printed. */
import type { HostInterface, Route } from "#cluster/host.js";
import type { Node, Topology } from "#cluster/topology.js";
import type { Address } from "#net/address.js";
import { formatPrefix, type Prefix } from "#net/prefix.js";
import {
  backendOf,
  bridgesOf,
  isOfFamily,
  nodeInterfaces,
  type Family,
} from "./node-interfaces.js";

interface Asked {
  readonly topology: Topology;
  readonly node: Node;
  readonly family: Family;
}

/** Its own subnets, other nodes' pods, and everything else by the uplink. */
export function nodeRoutes({ topology, node, family }: Asked): readonly Route[] {
  const interfaces = nodeInterfaces(topology, node);
  const uplink = node.interfaces.find(({ kind }) => kind === "uplink")?.name ?? "eth0";
  const connected = connectedRoutes(interfaces, family);
  const isConnected = ({ destination }: Route): boolean =>
    connected.some((route) => formatPrefix(route.destination) === formatPrefix(destination));
  return [
    ...connected,
    ...ownPodRoutes({ topology, node, family }).filter((route) => !isConnected(route)),
    ...otherNodes({ topology, node, family }).flatMap((other) =>
      routeToPodsOf(other, { topology, node, family }),
    ),
    routeBy({ destination: defaultOf(family), device: uplink }),
  ];
}

export function connectedRoutes(
  interfaces: readonly HostInterface[],
  family: Family,
): readonly Route[] {
  return interfaces.flatMap(({ name, isLoopback, addresses }) =>
    addresses.flatMap(({ address, subnet }) => {
      const isHost = subnet.length === (address.includes(":") ? 128 : 32);
      if (isLoopback || isHost || !isOfFamily(family, address)) return [];
      return [routeBy({ destination: subnet, device: name })];
    }),
  );
}

/** A bridge without an address of its own still leads to the node's pods. */
function ownPodRoutes({ topology, node, family }: Asked): readonly Route[] {
  const { podCIDR } = node;
  const device = bridgesOf(topology, node).pods;
  if (podCIDR === undefined || device === undefined || !isOfFamily(family, podCIDR.address)) {
    return [];
  }
  return [routeBy({ destination: podCIDR, device })];
}

function otherNodes({ topology, node }: Asked): readonly Node[] {
  return topology.nodes.filter(({ name }) => name !== node.name);
}

/**
 * As flannel writes them: onlink to the other node's flannel.1, or by that node's address
 * (flannel pkg/backend/vxlan/vxlan_network.go, pkg/backend/hostgw/hostgw.go).
 */
function routeToPodsOf(other: Node, { topology, node, family }: Asked): readonly Route[] {
  const { podCIDR: destination } = other;
  if (destination === undefined || !isOfFamily(family, destination.address)) return [];
  if (backendOf(topology) === "vxlan") {
    const device = node.interfaces.find(({ kind }) => kind === "overlay")?.name ?? "flannel.1";
    const gateway = overlayAddress(other, family) ?? destination.address;
    return [routeBy({ destination, device, gateway })];
  }
  const gateway = other.addresses.find((address) => isOfFamily(family, address));
  const device = node.interfaces.find(({ kind }) => kind === "uplink")?.name ?? "eth0";
  return gateway === undefined ? [] : [routeBy({ destination, device, gateway })];
}

function overlayAddress({ interfaces }: Node, family: Family): Address | undefined {
  const overlay = interfaces.find(({ kind }) => kind === "overlay");
  return overlay?.addresses.find(({ address }) => isOfFamily(family, address))?.address;
}

export function defaultOf(family: Family): Prefix {
  return { address: family === "ipv6" ? "::" : "0.0.0.0", length: 0 };
}

export function routeBy({
  destination,
  device,
  gateway,
}: {
  readonly destination: Prefix;
  readonly device: string;
  readonly gateway?: Address;
}): Route {
  const hops = [{ device, gateway, weight: 1 }];
  return { type: "unicast", destination, table: "main", metric: 0, hops };
}
