/** Where a packet that leaves a namespace comes next: another namespace, outside, or nobody. */
import type { Arrival } from "#expected/netfilter/packet.js";
import type { PredictedTuple } from "#expected/netfilter/predicted-tuple.js";
import { routeTo } from "#expected/netfilter/routing.js";
import type { Pod } from "#cluster/topology.js";
import type { Trace } from "#expected/netfilter/trace.js";
import type { Address } from "#net/address.js";
import { prefixContains } from "#net/prefix.js";
import { firstOfKind, interfaceKind, nodeOf, nodeWithAddress, portOfPod } from "./interfaces.js";
import { hasOwnNamespace, type Namespace } from "./namespace.js";
import type { Network } from "./namespaces.js";

export type NextStop =
  | {
      readonly to: "namespace";
      readonly namespace: Namespace;
      readonly arrival: Arrival;
      /** What carries the packet there; undefined: it goes as it is. */
      readonly outer: PredictedTuple | undefined;
    }
  | { readonly to: "outside"; readonly address: Address }
  | { readonly to: "nobody"; readonly reason: string };

export function nextStop(
  network: Network,
  { namespace, trace }: { readonly namespace: Namespace; readonly trace: Trace },
): NextStop {
  const { name } = namespace;
  if (namespace.kind === "pod")
    return nodeOfPod(network, { name, to: trace.final.destination.address });
  const device = trace.out ?? "";
  const leaving: Leaving = { node: name, device, to: trace.final.destination.address };
  switch (interfaceKind(network, { node: name, name: device })) {
    case "bridge":
    case "veth":
      return podOn(network, leaving);
    case "overlay":
      return overOverlay(network, leaving);
    case "uplink":
      return overUplink(network, leaving);
    case "loopback":
      return nobody(`${device} leads nowhere else`);
  }
}

interface Leaving {
  readonly node: string;
  readonly device: string;
  readonly to: Address;
}

/** What a packet is dropped for when it is routed to a bridge where nobody answers for its address. */
export const NO_POD_HAS = "no pod has";

const nobody = (reason: string): NextStop => ({ to: "nobody", reason });

/** Everything but its own addresses leaves a pod by its veth, where somebody answers for it. */
function nodeOfPod(
  network: Network,
  { name, to }: { readonly name: string; readonly to: Address },
): NextStop {
  const pod = network.topology.pods.find((candidate) => candidate.name === name);
  const port = pod && portOfPod(network, pod);
  if (pod === undefined || port === undefined) return nobody(`no node has pod ${name}`);
  if (isOnLinkOf(network, { name, to }) && !answersOnBridge(network, { node: pod.node, to })) {
    return nobody(`${NO_POD_HAS} ${to}`);
  }
  return {
    to: "namespace",
    namespace: { kind: "node", name: pod.node },
    arrival: { from: "interface", name: port.device },
    outer: undefined,
  };
}

/** Reached without the gateway; a default route without one does not say so. */
function isOnLinkOf(
  { pods }: Network,
  { name, to }: { readonly name: string; readonly to: Address },
): boolean {
  const state = pods.get(name);
  const route = state && routeTo(state, to);
  return (route?.destination.length ?? 0) > 0 && route?.hops[0]?.gateway === undefined;
}

function answersOnBridge(
  network: Network,
  { node, to }: { readonly node: string; readonly to: Address },
): boolean {
  const own = network.nodes.get(node)?.interfaces ?? [];
  return (
    own.some(({ addresses }) => addresses.some(({ address }) => address === to)) ||
    podAt(network, { node, to }) !== undefined
  );
}

function podAt(
  { topology, pods }: Network,
  { node, to }: { readonly node: string; readonly to: Address },
): Pod | undefined {
  return topology.pods.find(
    (candidate) =>
      candidate.node === node &&
      candidate.address === to &&
      hasOwnNamespace(candidate) &&
      pods.has(candidate.name),
  );
}

function podOn(network: Network, { node, to }: Leaving): NextStop {
  const pod = podAt(network, { node, to });
  if (pod === undefined) return nobody(`${NO_POD_HAS} ${to}`);
  return {
    to: "namespace",
    namespace: { kind: "pod", name: pod.name },
    arrival: { from: "interface", name: "eth0" },
    outer: undefined,
  };
}

/** By the route's gateway, which is the other node's overlay address, else by whose pods it leads to. */
function overOverlay(network: Network, { node, device, to }: Leaving): NextStop {
  if (device.startsWith("tunl")) return nobody("IP in IP is not modelled");
  const gateway = gatewayBy(network, { node, device, to });
  const byGateway = nodeWithAddress(network, { address: gateway ?? to, kind: "overlay" })?.node;
  const byPods = network.topology.nodes.find(
    ({ podCIDR }) => podCIDR !== undefined && prefixContains(podCIDR, to),
  )?.name;
  const other = byGateway ?? byPods;
  const name = other && firstOfKind(network, { node: other, kind: "overlay" });
  if (other === undefined || other === node || name === undefined) {
    return nobody(`no other node has the pod network of ${to}`);
  }
  return {
    to: "namespace",
    namespace: { kind: "node", name: other },
    arrival: { from: "interface", name },
    outer: tunnelBetween(network, { from: node, to: other, device }),
  };
}

/** Linux's VXLAN port, which flannel keeps, and IANA's, which Calico takes (RFC 7348 §5). */
const LINUX_VXLAN_PORT = 8472;
const IANA_VXLAN_PORT = 4789;

/** Of a node that is known by its pods alone: the unspecified address, which no packet has. */
const NOBODY_TOLD: Address = "0.0.0.0";

/** The outer source port is a hash of the inner flow (linux drivers/net/vxlan/vxlan_core.c). */
function tunnelBetween(
  network: Network,
  { from, to, device }: { readonly from: string; readonly to: string; readonly device: string },
): PredictedTuple {
  const addressOf = (name: string): Address => nodeOf(network, name)?.addresses[0] ?? NOBODY_TOLD;
  const port = device === "vxlan.calico" ? IANA_VXLAN_PORT : LINUX_VXLAN_PORT;
  return {
    protocol: "udp",
    source: { address: addressOf(from), port: "any" },
    destination: { address: addressOf(to), port },
  };
}

/** To the node that has the gateway's or the packet's address on its own uplink, else outside. */
function overUplink(network: Network, leaving: Leaving): NextStop {
  const gateway = gatewayBy(network, leaving);
  const [other] = [gateway, leaving.to].flatMap(
    (address) => (address && nodeWithAddress(network, { address, kind: "uplink" })) || [],
  );
  if (other === undefined || other.node === leaving.node) {
    return { to: "outside", address: leaving.to };
  }
  return {
    to: "namespace",
    namespace: { kind: "node", name: other.node },
    arrival: { from: "interface", name: other.name },
    outer: undefined,
  };
}

function gatewayBy({ nodes }: Network, { node, device, to }: Leaving): Address | undefined {
  const state = nodes.get(node);
  const hops = (state && routeTo(state, to)?.hops) ?? [];
  return hops.find((hop) => hop.device === device)?.gateway;
}
