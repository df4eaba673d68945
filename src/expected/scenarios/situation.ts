/** Who dials what, and where it ends, told from addresses alone. */
import { prefixContains } from "#net/prefix.js";
import type { Service, ServiceEndpoint, ServicePort } from "#cluster/service.js";
import type { Pod, Topology } from "#cluster/topology.js";
import type { Network } from "#expected/network/network.js";
import type { Dial, Party, Path } from "#expected/network/path.js";
import { isLoopback } from "#net/address.js";
import { dialledThing, type DialledThing } from "./dialled.js";
import { featuresOf, type Feature } from "./features.js";
import type { Dialled, EndpointPlace, PathClient, Policy } from "./path-row.js";
import {
  hasNoNetwork,
  homeOf,
  isContainer,
  namespaceOf,
  nodeNamed,
  podNamed,
} from "./whereabouts.js";

export interface Situation {
  readonly client: PathClient;
  readonly dialled: Dialled;
  /** The node that handles the packet first; undefined where none does. */
  readonly node: string | undefined;
  readonly service: Service | undefined;
  readonly port: ServicePort | undefined;
  /** The pod whose port or address is dialled. */
  readonly pod: Pod | undefined;
  readonly policy: Policy | undefined;
  /** `none` also where no path is given and the addresses do not tell. */
  readonly endpoint: EndpointPlace;
  /** Who masquerades packets that leave the cluster. */
  readonly masquerader: Policy;
  /** Where kube-proxy runs otherwise than rows of Services are written for. */
  readonly unusual: readonly string[];
  /** What makes it a special case of its kind. */
  readonly features: readonly Feature[];
}

export function situationOf(network: Network, dial: Dial, path?: Path): Situation {
  const thing = dialledThing(network, dial, path);
  const endpoint = endpointPlace(network, dial, { thing, path });
  const known = { dial, thing, endpoint };
  return {
    ...thing,
    client: clientClass(network, known),
    policy: policyOf(network, known),
    endpoint,
    masquerader: masqueraderOf(network),
    unusual: unusualSettings(network),
    features: featuresOf(network, { dial, thing, path }),
  };
}

interface Known {
  readonly dial: Dial;
  readonly thing: DialledThing;
  readonly endpoint: EndpointPlace;
}

/** Ports of one node's addresses: only these tell a client by its distance from that node. */
const OF_A_NODE: ReadonlySet<Dialled> = new Set([
  "hostPort",
  "hostNetwork",
  "published-port",
  "node-port",
  "health-check-node-port",
  "node",
]);

function clientClass({ topology }: Network, { dial, thing, endpoint }: Known): PathClient {
  const { from, tuple } = dial;
  if (from.kind === "outside") return "external";
  const home = homeOf(topology, from);
  const isOfNode = OF_A_NODE.has(thing.dialled);
  if (from.kind === "node") {
    if (!isOfNode) return "node";
    if (home !== thing.node) return "other-node";
    return isLoopback(tuple.destination.address) ? "localhost" : "own-address";
  }
  const isNear = home === thing.node;
  if (isOfNode && isNear && isOwnPort(topology, { from, thing, endpoint })) return "hairpin";
  const pod = podNamed(topology, from.name);
  if (pod && isContainer(topology, pod)) {
    const isNeighbour =
      hasNoNetwork(topology, pod) ||
      !isNear ||
      !thing.pod?.network ||
      thing.pod.network === pod.network;
    return isNeighbour ? "container" : "container-other-network";
  }
  if (!isOfNode) return "pod";
  return isNear ? "pod-same-node" : "pod-other-node";
}

interface Dialling {
  readonly from: Party;
  readonly thing: DialledThing;
  readonly endpoint: EndpointPlace;
}

/** A pod that dials a port of its own, or a Service that leads back to it. */
function isOwnPort(topology: Topology, { from, thing, endpoint }: Dialling): boolean {
  if (endpoint === "itself") return true;
  const { pod } = thing;
  return from.kind === "pod" && pod !== undefined && isSameNamespace(topology, from.name, pod);
}

function isSameNamespace(topology: Topology, name: string, pod: Pod): boolean {
  return namespaceOf(topology, name) === namespaceOf(topology, pod.name);
}

interface Ending {
  readonly thing: DialledThing;
  readonly path: Path | undefined;
}

function endpointPlace(network: Network, dial: Dial, { thing, path }: Ending): EndpointPlace {
  const { topology } = network;
  const to = path === undefined ? likelyEnd(thing) : endParty(path);
  if (to === undefined) return "none";
  if (to.kind === "outside") return "outside";
  const ending = to.kind === "pod" ? podNamed(topology, to.name) : undefined;
  const isItself = ending && dial.from.kind === "pod";
  if (isItself && isSameNamespace(topology, dial.from.name, ending)) return "itself";
  const isHere = homeOf(topology, to) === thing.node;
  if (to.kind === "node") return isHere ? "host-network" : "other-host-network";
  return isHere ? "same-node" : "other-node";
}

function endParty({ end }: Path): Party | undefined {
  return end.kind === "delivered" ? end.to : undefined;
}

/** Without a path: the pod whose port it is, or the only endpoint there is. */
function likelyEnd({ pod, service, dialled, node }: DialledThing): Party | undefined {
  if (pod) return pod.hostNetwork ? nodeParty(pod.node) : { kind: "pod", name: pod.name };
  if (dialled === "health-check-node-port" || dialled === "node") return nodeParty(node);
  const [only, ...more] = usableEndpoints(service);
  if (only?.pod === undefined || more.length > 0) return undefined;
  return { kind: "pod", name: only.pod };
}

function nodeParty(name: string | undefined): Party | undefined {
  return name === undefined ? undefined : { kind: "node", name };
}

/**
 * Those that are ready; where none is, those that still serve while they terminate
 * (kubernetes v1.28.7 pkg/proxy/topology.go CategorizeEndpoints).
 */
export function usableEndpoints(service: Service | undefined): readonly ServiceEndpoint[] {
  const endpoints = service?.endpoints ?? [];
  const ready = endpoints.filter((endpoint) => endpoint.ready);
  if (ready.length > 0) return ready;
  return endpoints.filter(({ serving, terminating }) => serving && terminating);
}

function policyOf(network: Network, { dial, thing, endpoint }: Known): Policy | undefined {
  const { topology } = network;
  const { dialled, service } = thing;
  if (service) return servicePolicy({ dial, thing, service });
  if (dialled === "published-port") {
    const docker = nodeNamed(topology, thing.node)?.docker;
    return docker?.userlandProxy === false ? "no-userland-proxy" : "userland-proxy";
  }
  if (dialled === "outside" && dial.from.kind === "pod") return masqueraderOf(network);
  if (dialled !== "pod" || endpoint !== "other-node") return undefined;
  const backend = backendOf(network);
  // Between pods nobody masquerades; a node's own address on the pods' routes is another matter.
  return dial.from.kind === "node" && backend === "routed" ? masqueraderOf(network) : backend;
}

function servicePolicy({
  dial,
  thing,
  service,
}: Pick<Known, "dial" | "thing"> & { readonly service: Service }): Policy {
  const { dialled } = thing;
  if (dialled === "health-check-node-port") return service.externalTrafficPolicy;
  if (usableEndpoints(service).length === 0) return "no-endpoints";
  const ranges = service.loadBalancerSourceRanges;
  const { address } = dial.tuple.source;
  const isRefused =
    dialled === "load-balancer-ip" &&
    ranges.length > 0 &&
    !ranges.some((range) => prefixContains(range, address));
  if (isRefused) return "source-range";
  return dialled === "cluster-ip" ? service.internalTrafficPolicy : service.externalTrafficPolicy;
}

/** Undefined in the topology: VXLAN where a node has an overlay interface, else routed. */
export function backendOf({ topology }: Network): "vxlan" | "routed" {
  const told = topology.podNetwork?.backend;
  if (told !== undefined) return told === "vxlan" ? "vxlan" : "routed";
  const hasOverlay = topology.nodes.some(({ interfaces }) =>
    interfaces.some(({ kind }) => kind === "overlay"),
  );
  return hasOverlay ? "vxlan" : "routed";
}

export function masqueraderOf({ topology }: Network): Policy {
  const told = topology.podNetwork?.masquerade ?? "flannel";
  return told === "none" ? "no-masquerade" : told;
}

/** Rows are written for iptables mode as it starts by default; userspace mode has rows of its own. */
function unusualSettings({ topology: { kubeProxy, clusterCIDR } }: Network): readonly string[] {
  const isBlind = kubeProxy?.localDetector === "none" || clusterCIDR === undefined;
  return [
    ...(kubeProxy?.mode === "ipvs" ? ["ipvs mode"] : []),
    ...(kubeProxy?.masqueradeAll === true ? ["masqueradeAll"] : []),
    ...(isBlind ? ["no local detector"] : []),
    ...(kubeProxy?.randomFully === false ? ["no --random-fully"] : []),
  ];
}
