/** A pod's own network namespace: lo, eth0, and the way out by its node's bridge. */
import type { Node, Pod, Topology } from "#cluster/topology.js";
import type { NodeState } from "#expected/netfilter/node-state.js";
import { readIptablesSave } from "#expected/rulesets/iptables-save.js";
import { prefixContains, prefixOf, type Prefix } from "#net/prefix.js";
import { hostInterface, isOfFamily, type Family } from "./node-interfaces.js";
import { connectedRoutes, defaultOf, routeBy } from "./node-routes.js";

export interface PodAsked {
  readonly topology: Topology;
  readonly pod: Pod;
  readonly family: Family;
  /** The node as it is walked, whose bridge is the pod's gateway. */
  readonly node: NodeState;
}

export function podState({ topology, pod, family, node }: PodAsked): NodeState {
  const home = topology.nodes.find(({ name }) => name === pod.node);
  const subnet = subnetOf(pod, home);
  const shape = { index: undefined, pod: undefined };
  const interfaces = [
    hostInterface({ ...shape, name: "lo", kind: "loopback", addresses: LOOPBACK }, undefined),
    hostInterface(
      { ...shape, name: "eth0", kind: "uplink", addresses: [{ ...subnet, address: pod.address }] },
      undefined,
    ),
  ];
  const gateway = gatewayOf({ node, subnet, family });
  return {
    name: pod.name,
    interfaces,
    routes: [
      ...connectedRoutes(interfaces, family),
      routeBy({
        destination: defaultOf(family),
        device: "eth0",
        ...(gateway !== undefined && { gateway }),
      }),
    ],
    sysctls: new Map([["net.ipv4.ip_forward", "0"]]),
    rules: readIptablesSave({ file: `rules of ${pod.name}`, text: "" }),
    sets: new Map(),
    entries: [],
    ipvs: [],
  };
}

const LOOPBACK: readonly Prefix[] = [
  { address: "127.0.0.1", length: 8 },
  { address: "::1", length: 128 },
];

function subnetOf({ address, network }: Pod, home: Node | undefined): Prefix {
  const docker = home?.docker?.networks.find(({ name }) => name === network)?.subnet;
  const known = [docker, home?.podCIDR].find((prefix) => prefix && prefixContains(prefix, address));
  return known ?? prefixOf(address, address.includes(":") ? 128 : 32);
}

/** The address of the bridge in the pod's subnet. */
function gatewayOf({
  node,
  subnet,
  family,
}: {
  readonly node: NodeState;
  readonly subnet: Prefix;
  readonly family: Family;
}): string | undefined {
  return node.interfaces
    .filter(({ isBridge }) => isBridge)
    .flatMap(({ addresses }) => addresses.map(({ address }) => address))
    .find((address) => isOfFamily(family, address) && prefixContains(subnet, address));
}
