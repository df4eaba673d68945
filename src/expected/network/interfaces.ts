/** What the interfaces of a node are: which kind, and which pod is behind a veth. */
import { kindByLook } from "#cluster/kind-by-look.js";
import type { InterfaceKind, Node } from "#cluster/topology.js";
import { findInterface, routeTo } from "#expected/netfilter/routing.js";
import type { Address } from "#net/address.js";
import type { Network } from "./namespaces.js";

/** As the topology says; of an interface that it does not list, by what the kernel says of it. */
export function interfaceKind(network: Network, { node, name }: Device): InterfaceKind {
  const told = nodeOf(network, node)?.interfaces.find((port) => port.name === name)?.kind;
  const port = network.nodes.get(node)?.interfaces.find((candidate) => candidate.name === name);
  return told ?? (port ? kindByLook(port) : "uplink");
}

export interface Device {
  /** The node's name. */
  readonly node: string;
  readonly name: string;
}

export function nodeOf({ topology }: Network, name: string): Node | undefined {
  return topology.nodes.find((node) => node.name === name);
}

/** How a node names the end of a pod's veth that is its own. */
export interface PodPort {
  /** The bridge, where nobody said which of its ports it is. */
  readonly device: string;
  /** Undefined where nobody told its name. */
  readonly veth: string | undefined;
}

/** The interface of the pod's node that the pod's packets come in by. */
export function portOfPod(
  network: Network,
  pod: { readonly name: string; readonly node: string; readonly address: Address },
): PodPort | undefined {
  const state = network.nodes.get(pod.node);
  if (state === undefined) return undefined;
  const told = nodeOf(network, pod.node)?.interfaces.find(
    (port) => port.kind === "veth" && port.pod === pod.name,
  )?.name;
  if (told !== undefined && findInterface(state, told)) return { device: told, veth: told };
  const made = madeVethName(pod.name);
  if (findInterface(state, made)) return { device: made, veth: undefined };
  const bridge = routeTo(state, pod.address)?.hops[0]?.device;
  return bridge === undefined ? undefined : { device: bridge, veth: undefined };
}

/** What the model calls a veth whose name nobody told. */
export function madeVethName(pod: string): string {
  return `veth of ${pod}`;
}

/** The bridge that an interface is or is a port of. */
export function bridgeOf(network: Network, { node, name }: Device): string | undefined {
  const port = network.nodes.get(node)?.interfaces.find((candidate) => candidate.name === name);
  return port?.isBridge ? port.name : port?.bridge;
}

/** The node that has this address on an interface of that kind. */
export function nodeWithAddress(
  network: Network,
  { address, kind }: { readonly address: Address; readonly kind: InterfaceKind },
): Device | undefined {
  for (const [node, { interfaces }] of network.nodes) {
    const port = interfaces.find(
      ({ name, addresses }) =>
        addresses.some((own) => own.address === address) &&
        interfaceKind(network, { node, name }) === kind,
    );
    if (port) return { node, name: port.name };
  }
  return undefined;
}

export function firstOfKind(
  network: Network,
  { node, kind }: { readonly node: string; readonly kind: InterfaceKind },
): string | undefined {
  const interfaces = network.nodes.get(node)?.interfaces ?? [];
  return interfaces.find(({ name }) => interfaceKind(network, { node, name }) === kind)?.name;
}
