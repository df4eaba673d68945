/** Where a packet that leaves a namespace comes next: another namespace, outside, or nobody. */
import type { Arrival } from "#expected/netfilter/packet.js";
import type { PredictedTuple } from "#expected/netfilter/predicted-tuple.js";
import { routeTo } from "#expected/netfilter/routing.js";
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
  if (namespace.kind === "pod") return nodeOfPod(network, name);
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

const nobody = (reason: string): NextStop => ({ to: "nobody", reason });

/** Everything but its own addresses leaves a pod by its veth. */
function nodeOfPod(network: Network, name: string): NextStop {
  const pod = network.topology.pods.find((candidate) => candidate.name === name);
  const port = pod && portOfPod(network, pod);
  if (pod === undefined || port === undefined) return nobody(`no node has pod ${name}`);
  return {
    to: "namespace",
    namespace: { kind: "node", name: pod.node },
    arrival: { from: "interface", name: port.device },
    outer: undefined,
  };
}

function podOn({ topology, pods }: Network, { node, to }: Leaving): NextStop {
  const pod = topology.pods.find(
    (candidate) =>
      candidate.node === node &&
      candidate.address === to &&
      hasOwnNamespace(candidate) &&
      pods.has(candidate.name),
  );
  if (pod === undefined) return nobody(`no pod has ${to}`);
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

/** The outer source port is a hash of the inner flow (linux drivers/net/vxlan/vxlan_core.c). */
function tunnelBetween(
  network: Network,
  { from, to, device }: { readonly from: string; readonly to: string; readonly device: string },
): PredictedTuple {
  const addressOf = (name: string): Address => nodeOf(network, name)?.addresses[0] ?? "";
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
