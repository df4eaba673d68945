/** A node's interfaces and addresses, from what `ip` says of them. */
import type { HostInterface } from "#cluster/host.js";
import { namelessPod } from "#cluster/nameless-pod.js";
import { kindByLook } from "#cluster/kind-by-look.js";
import type { Docker, Interface, Node } from "#cluster/topology.js";
import type { NodeState } from "#expected/netfilter/node-state.js";
import { isLoopback, type Address } from "#net/address.js";
import { prefixContains, type Prefix } from "#net/prefix.js";

/** What its rules tell of it. */
export interface NodeFacts {
  readonly name: string;
  /** Of the same interfaces, whichever family its rules are of. */
  readonly state: NodeState;
  readonly podCIDR: Prefix | undefined;
  readonly secondaryPodCIDR: Prefix | undefined;
  readonly docker: Docker | undefined;
  /** Where a route leads to one pod alone, its address by the interface. */
  readonly routedPods: ReadonlyMap<string, Address>;
}

export function nodeFromState(facts: NodeFacts): Node {
  const { name, state, podCIDR, secondaryPodCIDR, docker, routedPods } = facts;
  return {
    name,
    addresses: nodeAddresses(state),
    podCIDR,
    ...(secondaryPodCIDR && { secondaryPodCIDR }),
    interfaces: state.interfaces.map((port) => interfaceOf(port, routedPods)),
    docker,
  };
}

/** Link-local addresses are every machine's and no machine's own. */
function interfaceOf(port: HostInterface, routedPods: NodeFacts["routedPods"]): Interface {
  const kind = kindByLook(port);
  return {
    name: port.name,
    index: port.index,
    kind,
    addresses: port.addresses
      .filter(({ scope }) => scope !== "link")
      .map(({ address, subnet }) => ({ address, length: subnet.length })),
    pod: kind === "veth" ? (routedPods.get(port.name) ?? namelessPod(port.name)) : undefined,
  };
}

/** Those that other machines reach it by; the one that it leaves by first. */
export function nodeAddresses({ interfaces, routes }: NodeState): readonly Address[] {
  const way = routes.find(({ type, table, destination }) => {
    return type === "unicast" && table === "main" && destination.length === 0;
  })?.hops[0]?.device;
  // A bridge that the default route leads to is the node's own way out.
  const outward = interfaces.filter(
    (port) => kindByLook(port) === "uplink" || (port.name === way && port.isBridge),
  );
  const inOrder = outward.toSorted((a, b) => Number(b.name === way) - Number(a.name === way));
  return inOrder.flatMap(({ addresses }) =>
    addresses.flatMap(({ address, scope }) =>
      scope === "global" && !isLoopback(address) ? [address] : [],
    ),
  );
}

/** The bridges that carry pods: those whose subnet holds an address that a rule leads to, or by their name. */
export function podBridgeSubnet(
  { interfaces }: NodeState,
  { isDocker, endpoints }: PodBridgeAsked,
): Prefix | undefined {
  const bridges = interfaces.filter(({ isBridge, name }) => isBridge && !isDocker(name));
  const subnets = bridges.flatMap(({ name, addresses }) =>
    addresses
      .filter(({ scope, isSecondary }) => scope === "global" && !isSecondary)
      .map(({ subnet, address }) => ({ name, subnet, address })),
  );
  const holding = subnets.find(({ subnet, address }) =>
    endpoints.some((one) => one !== address && prefixContains(subnet, one)),
  );
  return (holding ?? subnets.find(({ name }) => CNI_BRIDGE.test(name)))?.subnet;
}

export interface PodBridgeAsked {
  readonly isDocker: (bridge: string) => boolean;
  /** Of the family that is asked for. */
  readonly endpoints: readonly Address[];
}

/** As the CNI's bridge plugin, kubenet, kube-router and Weave call theirs. */
const CNI_BRIDGE = /^(cni\d|cbr\d|kube-bridge|weave$)/;
