/**
 * A topology made from what nodes say of themselves, where nobody told one. What rules and routes do not
 * show is left out; what is unclear is left out and said. A rule that was changed or taken away does not
 * become the intention where the program that wrote it has left other traces of what it meant.
 */
import {
  plainPod,
  type Node,
  type Pod,
  type PodNetwork,
  type Topology,
  type Unclear,
} from "#cluster/topology.js";
import type { KubeProxy } from "#cluster/service.js";
import type { NodeState } from "#expected/netfilter/node-state.js";
import { isLoopback, type Address } from "#net/address.js";
import { formatPrefix, prefixContains, type Prefix } from "#net/prefix.js";
import { dockerFromRules } from "./docker-from-rules.js";
import { hostPortsFromRules } from "./host-ports-from-rules.js";
import { ipvsPorts } from "./ipvs-ports.js";
import { kubeProxyFromRules } from "./kube-proxy-from-rules.js";
import { nodeFromState, podBridgeSubnet } from "./node-from-state.js";
import { podNetworkFromRules, type PodNetworkFromRules } from "./pod-network-from-rules.js";
import { podsFromStates } from "./pods-from-states.js";
import { portsFromRules } from "./proxied-port-from-rules.js";
import type { PortFromRules } from "./port-from-rules.js";
import { servicesFromRules } from "./services-from-rules.js";
import { userspacePorts } from "./userspace-ports.js";

/** By name, of each family; a pod's own, which `podStateName` names, beside them. */
export type StatesByFamily = Readonly<Record<"ipv4" | "ipv6", ReadonlyMap<string, NodeState>>>;

export interface TopologyFromStates {
  readonly topology: Topology;
  /** Sentences: what is odd in the nodes' state, and what was made of it. */
  readonly remarks: readonly string[];
}

/** Undefined where no state is a node's. */
export function topologyFromStates(states: StatesByFamily): TopologyFromStates | undefined {
  const [ipv4, ipv6] = [readFamily(states.ipv4, "ipv4"), readFamily(states.ipv6, "ipv6")];
  const families = [ipv4, ipv6].filter(({ nodes }) => nodes.length > 0);
  const [leading] = families;
  if (leading === undefined) return undefined;
  const nodes = mergedNodes(families);
  const nodeOf = (address: Address): string | undefined => homeOf(nodes, address);
  const services = servicesFromRules(
    families.flatMap((family) =>
      family.nodes.map(({ state, ports }) => ({ node: state.name, ports })),
    ),
    nodeOf,
  );
  const own = podsFromStates(
    families.flatMap(({ pods }) => pods),
    nodeOf,
  );
  const endpoints = services.services.flatMap((service) => service.endpoints);
  const pods = allPods(
    families.flatMap((family) => family.nodes),
    { own, endpoints: endpoints.map(({ address }) => address), nodes },
  );
  const nameOf = new Map(pods.map(({ address, name }) => [address, name]));
  const [clusterCIDR, secondaryClusterCIDR] = families.flatMap(
    (family) => clusterCidrOf(family) ?? [],
  );
  const all = families.flatMap((family) => family.nodes);
  return {
    topology: {
      nodes,
      pods,
      services: services.services.map((service) => ({
        ...service,
        endpoints: service.endpoints.map((one) => ({ ...one, pod: nameOf.get(one.address) })),
      })),
      clients: [],
      clusterCIDR,
      ...(secondaryClusterCIDR && { secondaryClusterCIDR }),
      portmap: undefined,
      kubeProxy: kubeProxyOf(all),
      podNetwork: podNetworkOf(all),
      assumptions: [assumptionOf(all.map(({ state }) => state.name))],
      derived: { unclear: [...all.flatMap(({ unclear }) => unclear), ...services.unclear] },
    },
    remarks: [...new Set([...all.flatMap(({ remarks }) => remarks), ...services.remarks])],
  };
}

function assumptionOf(names: readonly string[]): string {
  const nodes = [...new Set(names)];
  const listed = nodes.slice(0, MAX_NAMES).join(", ");
  const more = nodes.length > MAX_NAMES ? ` and ${nodes.length - MAX_NAMES} more` : "";
  return `nobody told what was intended: Services, hostPorts and pods are those that the rules of ${listed}${more} show`;
}

const MAX_NAMES = 5;

interface FamilyRead {
  readonly nodes: readonly NodeRead[];
  /** What files of pods' own namespaces say. */
  readonly pods: readonly NodeState[];
}

interface NodeRead {
  readonly state: NodeState;
  readonly ports: readonly PortFromRules[];
  readonly hostPorts: ReturnType<typeof hostPortsFromRules>["pods"];
  readonly docker: ReturnType<typeof dockerFromRules>;
  readonly kubeProxy: ReturnType<typeof kubeProxyFromRules>;
  readonly network: PodNetworkFromRules;
  readonly routedPods: ReadonlyMap<string, Address>;
  readonly remarks: readonly string[];
  readonly unclear: readonly Unclear[];
}

/** As `podStateName` calls the file of a pod's own namespace. */
const POD_STATE = /^pod-/;

function readFamily(states: ReadonlyMap<string, NodeState>, family: "ipv4" | "ipv6"): FamilyRead {
  const all = [...states.values()];
  const pods = all.filter(({ name }) => POD_STATE.test(name));
  const nodes = all
    .filter(({ name }) => !POD_STATE.test(name))
    .map((state) => readNode(state, family));
  return { nodes, pods };
}

function readNode(state: NodeState, family: "ipv4" | "ipv6"): NodeRead {
  const { name, rules } = state;
  const docker = dockerFromRules(state);
  const hostPorts = hostPortsFromRules(rules, name);
  const kubeProxy = kubeProxyFromRules(state);
  const ipvs = kubeProxy?.kubeProxy.mode === "ipvs" ? ipvsPorts(state) : undefined;
  const isUserspace = kubeProxy?.kubeProxy.mode === "userspace";
  const ports = ipvs?.ports ?? (isUserspace ? userspacePorts(rules) : portsFromRules(rules));
  const isDocker = (bridge: string): boolean =>
    docker?.docker.networks.some((network) => network.bridge === bridge) ?? false;
  const led = [
    ...hostPorts.pods.map(({ address }) => address),
    ...ports.flatMap(({ endpoints, localEndpoints }) =>
      [...endpoints, ...localEndpoints].map(({ address }) => address),
    ),
  ];
  const endpoints = led.filter((address) => address.includes(":") === (family === "ipv6"));
  const bridge = podBridgeSubnet(state, { isDocker, endpoints });
  return {
    state,
    ports,
    hostPorts: hostPorts.pods,
    docker,
    kubeProxy,
    network: podNetworkFromRules(state, bridge),
    routedPods: routedPods(state),
    remarks: hostPorts.remarks,
    unclear: [...hostPorts.unclear, ...(docker?.unclear ?? []), ...(ipvs?.unclear ?? [])],
  };
}

/** A route to one address by a veth leads to its pod: so ptp, Calico and their like do without a bridge. */
function routedPods({ routes, interfaces }: NodeState): ReadonlyMap<string, Address> {
  const bridged = new Set(
    interfaces.flatMap(({ name, bridge }) => (bridge === undefined ? [] : [name])),
  );
  return new Map(
    routes.flatMap(({ type, table, destination, hops: [hop] }): [string, Address][] => {
      const isHost = destination.length === (destination.address.includes(":") ? 128 : 32);
      const isVeth =
        hop !== undefined && /^(veth|cali|lxc)/.test(hop.device) && !bridged.has(hop.device);
      const isOne = type === "unicast" && table === "main" && isHost && hop?.gateway === undefined;
      return isOne && isVeth ? [[hop.device, destination.address]] : [];
    }),
  );
}

function mergedNodes(families: readonly FamilyRead[]): readonly Node[] {
  const byName = new Map<string, NodeRead[]>();
  for (const read of families.flatMap(({ nodes }) => nodes)) {
    byName.set(read.state.name, [...(byName.get(read.state.name) ?? []), read]);
  }
  const known = [...byName].flatMap(([name, reads]) => {
    const [first] = reads;
    if (first === undefined) return [];
    const [podCIDR, secondaryPodCIDR] = reads.flatMap(({ network }) => network.podCIDR ?? []);
    const routed = new Map(reads.flatMap((read) => [...read.routedPods]));
    const docker = first.docker?.docker;
    return [
      nodeFromState({
        name,
        state: first.state,
        podCIDR,
        secondaryPodCIDR,
        docker,
        routedPods: routed,
      }),
    ];
  });
  return [...known, ...nodesBehindRoutes(families, known)];
}

/** Nodes whose state nobody saved: their pods are where routes lead. */
function nodesBehindRoutes(
  families: readonly FamilyRead[],
  known: readonly Node[],
): readonly Node[] {
  const listed = known.flatMap(({ podCIDR, secondaryPodCIDR }) => [podCIDR, secondaryPodCIDR]);
  const routes = families.flatMap(({ nodes }) => nodes.flatMap(({ network }) => network.others));
  const unknown = new Map<string, Node>();
  for (const { podCIDR, via } of routes) {
    const isListed = listed.some((block) => block && isSameBlock(block, podCIDR));
    const name = `node of ${formatPrefix(podCIDR)}`;
    if (isListed || unknown.has(name)) continue;
    const addresses = via === undefined ? [] : [via];
    unknown.set(name, { name, addresses, podCIDR, interfaces: [], docker: undefined });
  }
  return [...unknown.values()];
}

function isSameBlock(one: Prefix, other: Prefix): boolean {
  return one.length === other.length && prefixContains(one, other.address);
}

function homeOf(nodes: readonly Node[], address: Address): string | undefined {
  const home = nodes.find(
    ({ addresses, podCIDR, secondaryPodCIDR, docker, interfaces }) =>
      addresses.includes(address) ||
      [podCIDR, secondaryPodCIDR, ...(docker?.networks ?? []).map(({ subnet }) => subnet)].some(
        (block) => block && prefixContains(block, address),
      ) ||
      interfaces.some((port) => port.pod === address),
  );
  return home?.name;
}

interface PodsAsked {
  readonly own: readonly Pod[];
  readonly endpoints: readonly Address[];
  readonly nodes: readonly Node[];
}

/** One for each address that rules or routes lead to and that is a pod's, called by it. */
function allPods(reads: readonly NodeRead[], { own, endpoints, nodes }: PodsAsked): readonly Pod[] {
  const pods = new Map<Address, Pod>(own.map((pod) => [pod.address, pod]));
  const add = (pod: Pod): void => {
    const known = pods.get(pod.address);
    const hostPorts = [...(known?.hostPorts ?? []), ...pod.hostPorts];
    pods.set(pod.address, { ...pod, ...known, hostPorts, network: known?.network ?? pod.network });
  };
  for (const { state, hostPorts, docker, routedPods: routed } of reads) {
    const node = state.name;
    for (const one of hostPorts) add(podAt({ ...one, node, network: undefined }));
    for (const one of docker?.containers ?? []) add(podAt({ ...one, node }));
    for (const address of routed.values())
      add(podAt({ address, node, hostPorts: [], network: undefined }));
  }
  const hosts = new Set(nodes.flatMap(({ addresses }) => addresses));
  for (const address of endpoints) {
    const node = homeOf(nodes, address);
    if (node === undefined || hosts.has(address) || isLoopback(address) || pods.has(address))
      continue;
    add(podAt({ address, node, hostPorts: [], network: undefined }));
  }
  return [...pods.values()];
}

function podAt({
  address,
  node,
  hostPorts,
  network,
}: Pick<Pod, "address" | "node" | "hostPorts" | "network">): Pod {
  return { ...plainPod({ name: address, node, address }), hostPorts, network };
}

/** kube-proxy's own goes before flannel's: its rules tell by it who is a client of the cluster. */
function clusterCidrOf({ nodes }: FamilyRead): Prefix | undefined {
  const told = [
    ...nodes.map(({ kubeProxy }) => kubeProxy?.clusterCIDR),
    ...nodes.map(({ network }) => network.clusterCIDR),
  ];
  return told.find((block) => block !== undefined);
}

/** Addresses with node ports are each node's own; of everything else the first that shows it. */
function kubeProxyOf(reads: readonly NodeRead[]): KubeProxy | undefined {
  const found = reads.flatMap(({ kubeProxy }) => kubeProxy ?? []);
  const [first] = found;
  if (first === undefined) return undefined;
  const blocks = found.flatMap(({ kubeProxy }) => kubeProxy.nodePortAddresses);
  const knowsCluster = found.some(({ clusterCIDR }) => clusterCIDR !== undefined);
  return {
    ...first.kubeProxy,
    localDetector: knowsCluster ? "cluster-cidr" : first.kubeProxy.localDetector,
    nodePortAddresses: [...new Map(blocks.map((block) => [formatPrefix(block), block])).values()],
  };
}

/** Undefined where no node has pods. */
function podNetworkOf(reads: readonly NodeRead[]): PodNetwork | undefined {
  const networks = reads
    .map(({ network }) => network)
    .filter(({ podCIDR }) => podCIDR !== undefined);
  const masquerades = networks.map(({ masquerade }) => masquerade);
  const [first] = masquerades;
  if (first === undefined) return undefined;
  const backend = networks.flatMap((network) => network.backend ?? [])[0];
  const masquerade = masquerades.find((one) => one !== "none") ?? first;
  const hasOverlay = reads.some(({ state }) =>
    state.interfaces.some(({ name }) => /^(flannel|vxlan)/.test(name)),
  );
  return { backend: backend ?? (hasOverlay ? "vxlan" : "host-gw"), masquerade };
}
