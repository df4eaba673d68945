/** The interfaces of a node whose own state nobody printed. */
import type { HostAddress, HostInterface } from "#cluster/host.js";
import type { DockerNetwork, Interface, Node, Pod, Topology } from "#cluster/topology.js";
import { addressBits, addressFromBits } from "#net/address.js";
import { prefixContains, prefixOf, type Prefix } from "#net/prefix.js";
import { madeVethName } from "./interfaces.js";
import { hasOwnNamespace } from "./namespace.js";

export type Family = "ipv4" | "ipv6";

export function isOfFamily(family: Family, address: string): boolean {
  return address.includes(":") === (family === "ipv6");
}

/** As the topology lists them, and what a node with pods or Docker has besides. */
export function nodeInterfaces(topology: Topology, node: Node): readonly HostInterface[] {
  const listed = [...node.interfaces, ...missingInterfaces(topology, node)];
  const pods = topology.pods.filter(
    (pod) => pod.node === node.name && hasOwnNamespace(pod) && !pod.gone,
  );
  const bridges = bridgesOf(topology, node);
  const named = new Set(node.interfaces.flatMap(({ pod }) => pod ?? []));
  return [
    ...listed.map((port) => {
      const pod = pods.find(({ name }) => name === port.pod);
      return hostInterface(port, pod && bridgeOfPod(bridges, pod));
    }),
    ...pods
      .filter(({ name }) => !named.has(name))
      .map((pod) => hostInterface(madeVeth(pod), bridgeOfPod(bridges, pod))),
  ];
}

function madeVeth({ name }: Pod): Interface {
  return { name: madeVethName(name), index: undefined, kind: "veth", addresses: [], pod: name };
}

/** lo, eth0, cni0 and flannel.1 as their programs name them, where the topology lists none of a kind. */
function missingInterfaces(topology: Topology, node: Node): readonly Interface[] {
  const { interfaces, addresses, podCIDR } = node;
  const has = (kind: Interface["kind"]): boolean => interfaces.some((port) => port.kind === kind);
  const hosts = addresses.map((address) => prefixOf(address, address.includes(":") ? 128 : 32));
  const hasPodBridge = interfaces.some((port) => port.kind === "bridge" && !isDocker(node, port));
  return [
    ...(has("loopback") ? [] : [made("lo", "loopback", LOOPBACK)]),
    ...(has("uplink") ? [] : [made("eth0", "uplink", hosts)]),
    ...(hasPodBridge || !podCIDR ? [] : [made("cni0", "bridge", [firstOf(podCIDR)])]),
    ...(has("overlay") || !podCIDR || backendOf(topology) !== "vxlan"
      ? []
      : [made("flannel.1", "overlay", [wholeOf(podCIDR)])]),
    ...dockerBridges(node)
      .filter(({ bridge }) => !interfaces.some(({ name }) => name === bridge))
      .map(({ bridge, gateway, subnet }) =>
        made(bridge, "bridge", [{ address: gateway, length: subnet.length }]),
      ),
  ];
}

function made(name: string, kind: Interface["kind"], addresses: readonly Prefix[]): Interface {
  return { name, index: undefined, kind, addresses, pod: undefined };
}

const LOOPBACK: readonly Prefix[] = [
  { address: "127.0.0.1", length: 8 },
  { address: "::1", length: 128 },
];

/** The network's own address: flannel gives it to flannel.1 (pkg/backend/vxlan/vxlan_network.go). */
function wholeOf({ address }: Prefix): Prefix {
  return { address, length: address.includes(":") ? 128 : 32 };
}

/** host-local's default gateway, the first address (cni plugins/ipam/host-local range.go). */
function firstOf({ address, length }: Prefix): Prefix {
  const { bits, width } = addressBits(address);
  return { address: addressFromBits(bits + 1n, width), length };
}

/** VXLAN where a node has an overlay interface, unless the topology says. */
export function backendOf({ podNetwork, nodes }: Topology): "vxlan" | "host-gw" {
  if (podNetwork) return podNetwork.backend;
  const hasOverlay = nodes.some(({ interfaces }) =>
    interfaces.some(({ kind }) => kind === "overlay"),
  );
  return hasOverlay ? "vxlan" : "host-gw";
}

function dockerBridges({ docker }: Node): readonly DockerNetwork[] {
  return docker?.networks ?? [];
}

function isDocker(node: Node, { name }: Interface): boolean {
  return dockerBridges(node).some(({ bridge }) => bridge === name);
}

interface Bridges {
  /** The one that pods are on. */
  readonly pods: string | undefined;
  readonly networks: readonly DockerNetwork[];
}

export function bridgesOf(topology: Topology, node: Node): Bridges {
  const all = [...node.interfaces, ...missingInterfaces(topology, node)];
  const pods = all.find((port) => port.kind === "bridge" && !isDocker(node, port))?.name;
  return { pods, networks: dockerBridges(node) };
}

function bridgeOfPod({ pods, networks }: Bridges, pod: Pod): string | undefined {
  if (pod.network === undefined) return pods;
  return networks.find(({ name }) => name === pod.network)?.bridge;
}

export function hostInterface(
  { name, kind, addresses }: Interface,
  bridge: string | undefined,
): HostInterface {
  const isLoopback = kind === "loopback";
  const own = addresses.map(({ address, length }): HostAddress => {
    const subnet = prefixOf(address, length);
    const scope = isLoopback ? ("host" as const) : ("global" as const);
    return { address, subnet, scope, isSecondary: false };
  });
  return {
    name,
    bridge,
    isBridge: kind === "bridge",
    isLoopback,
    addresses: own.map((address, at) => ({
      ...address,
      isSecondary: isSecondary(address, own.slice(0, at)),
    })),
  };
}

/** Of one subnet on one interface the first address is primary (linux net/ipv4/devinet.c). */
function isSecondary({ address, subnet }: HostAddress, earlier: readonly HostAddress[]): boolean {
  if (address.includes(":")) return false;
  return earlier.some(
    (other) =>
      other.subnet.length === subnet.length && prefixContains(other.subnet, subnet.address),
  );
}
