/** A topology out of Kubernetes' own objects, and what had to be assumed for it. */
import { prefixContains, prefixOf, parsePrefix, formatPrefix, type Prefix } from "#net/prefix.js";
import type { TopologyInput } from "../topology-schema.js";
import type { KubeField } from "./kube-field.js";
import { readEndpoints, selectedEndpoints, type ReadEndpoint } from "./kube-endpoints.js";
import { readNode, type NodeInput, type ReadNode } from "./kube-nodes.js";
import { fullName, type KubeObject } from "./kube-object.js";
import { readPod, type PodInput, type ReadPod } from "./kube-pods.js";
import { programsIn, readPrograms, type ReadPrograms } from "./kube-programs.js";
import { isProxied, readService, type ServiceInput } from "./kube-services.js";

export interface KubeTopology {
  readonly input: Omit<TopologyInput, "schema">;
  /** What the topology calls a pod, by `namespace/name`. */
  readonly podNames: ReadonlyMap<string, string>;
  readonly assumptions: readonly KubeAssumption[];
}

export interface KubeAssumption {
  readonly text: string;
  /** The entry of a topology file that makes a fact of it. */
  readonly about?: "clusterCIDR" | "kubeProxy" | "podNetwork" | undefined;
}

/** @throws KubeFault with the path of what is wrong. */
export function kubeTopology(all: Iterable<KubeObject>): KubeTopology {
  const { objects, pods, containers } = taken(all);
  const of = (kind: string): readonly KubeObject[] =>
    objects.filter((object) => object.kind === kind);
  const nodes = of("Node").map(readNode);
  const unlisted = nodesOfPods(pods, nodes);
  const programs = readPrograms(containers, of("ConfigMap"));
  const podNames = namesOf(pods);
  const services = servicesOf(objects, { pods, podNames });
  const inputs = [...nodes.map(({ input }) => input), ...unlisted];
  const clusterCIDR = programs.clusterCIDR ?? coverOf(inputs);
  return {
    input: {
      nodes: inputs,
      pods: pods.flatMap((pod) => podInputs(pod, podNames)),
      services: [...services.inputs],
      ...(clusterCIDR !== undefined && { clusterCIDR }),
      ...secondaryCover(inputs),
      ...(programs.kubeProxy && { kubeProxy: programs.kubeProxy }),
      ...podNetworkOf(nodes, programs),
    },
    podNames,
    assumptions: [
      ...nodes.flatMap(({ assumptions }) => assumptions.map((text) => ({ text }))),
      ...(unlisted.length > 0 ? [{ text: onlyFromPods(unlisted) }] : []),
      ...programs.assumptions.map((text) => ({ text, about: "kubeProxy" as const })),
      ...(programs.clusterCIDR === undefined && clusterCIDR !== undefined
        ? [{ text: isCover(clusterCIDR), about: "clusterCIDR" as const }]
        : []),
      ...(programs.kubeProxy === undefined && services.inputs.length > 0
        ? [{ text: SOME_KUBE_PROXY, about: "kubeProxy" as const }]
        : []),
      ...services.assumptions.map((text) => ({ text })),
      ...backendAssumptions(nodes).map((text) => ({ text, about: "podNetwork" as const })),
    ],
  };
}

const isCover = (clusterCIDR: string): string =>
  `clusterCIDR is ${clusterCIDR}, the smallest block with every node's podCIDR`;

const SOME_KUBE_PROXY =
  "kube-proxy serves Services, in iptables mode: the objects show no pod of it and no configuration";

interface Taken {
  /** All but pods. */
  readonly objects: readonly KubeObject[];
  readonly pods: readonly ReadPod[];
  readonly containers: readonly KubeField[];
}

/**
 * Files taken one after the other may have an object twice: the last counts. Pods are most of a
 * cluster and are let go as they come.
 */
function taken(all: Iterable<KubeObject>): Taken {
  const objects = new Map<string, KubeObject>();
  const pods = new Map<string, ReadPod>();
  const containers = new Map<string, KubeField>();
  for (const object of all) {
    if (object.kind !== "Pod") {
      objects.set(`${object.kind} ${fullName(object)}`, object);
      continue;
    }
    const pod = readPod(object);
    if (pod) pods.set(pod.fullName, pod);
    for (const container of programsIn(object)) {
      containers.set(container.at("name").text ?? "", container);
    }
  }
  const [objectList, podList] = [[...objects.values()], [...pods.values()]];
  return { objects: objectList, pods: podList, containers: [...containers.values()] };
}

/** A pod's own name where no other namespace has it, else with its namespace. */
function namesOf(pods: readonly ReadPod[]): ReadonlyMap<string, string> {
  const counts = new Map<string, number>();
  for (const { name } of pods) counts.set(name, (counts.get(name) ?? 0) + 1);
  return new Map(
    pods.map((pod) => [pod.fullName, counts.get(pod.name) === 1 ? pod.name : pod.fullName]),
  );
}

/** Of a dual-stack pod one of each family, as a topology has it. */
function podInputs(
  { fullName: full, node, addresses, facts }: ReadPod,
  podNames: KubeTopology["podNames"],
): readonly PodInput[] {
  const name = podNames.get(full) ?? full;
  return addresses.map((address) => ({ name, node, address, ...facts }));
}

/** Where only pods were asked for, their status still has an address of their node. */
function nodesOfPods(pods: readonly ReadPod[], nodes: readonly ReadNode[]): readonly NodeInput[] {
  const listed = new Set(nodes.map(({ input }) => input.name));
  const found = new Map<string, NodeInput>();
  for (const { node, hostAddresses } of pods) {
    if (listed.has(node) || hostAddresses.length === 0) continue;
    found.set(node, { name: node, addresses: [...hostAddresses] });
  }
  return [...found.values()];
}

function onlyFromPods(nodes: readonly NodeInput[]): string {
  const [first] = nodes;
  const others = nodes.length > 1 ? ` and ${nodes.length - 1} more` : "";
  return `node ${first?.name}${others}: known from its pods' status alone, with no address but that`;
}

interface ReadServices {
  readonly inputs: readonly ServiceInput[];
  readonly assumptions: readonly string[];
}

function servicesOf(
  objects: readonly KubeObject[],
  {
    pods,
    podNames,
  }: { readonly pods: readonly ReadPod[]; readonly podNames: KubeTopology["podNames"] },
): ReadServices {
  const known = readEndpoints(objects);
  const nameOfPod = (full: string): string | undefined => podNames.get(full);
  const endpointsOf = (object: KubeObject): readonly ReadEndpoint[] => {
    if (known.isKnown) return known.byService.get(fullName(object)) ?? [];
    const spec = object.field.at("spec");
    const { namespace } = object;
    return selectedEndpoints(
      { namespace, selector: spec.at("selector"), ports: spec.at("ports") },
      pods,
    );
  };
  const services = objects.filter((object) => object.kind === "Service" && isProxied(object));
  return {
    inputs: services.flatMap((object) =>
      readService(object, { endpoints: endpointsOf(object), nameOfPod }),
    ),
    assumptions: known.isKnown || services.length === 0 ? [] : [BY_SELECTOR],
  };
}

const BY_SELECTOR =
  "Services have the endpoints that their selectors find: the objects hold no EndpointSlice and no Endpoints";

type PodNetwork = NonNullable<TopologyInput["podNetwork"]>;

/** flannel says on each node how it carries packets, and by its arguments who masquerades. */
function podNetworkOf(
  nodes: readonly ReadNode[],
  { flannelMasquerades }: ReadPrograms,
): { readonly podNetwork?: PodNetwork } {
  const [backend] = backendsOf(nodes);
  if (backend !== "vxlan" && backend !== "host-gw") return {};
  // Without --ip-masq flannel's CNI plugin has the bridge do it (flannel-io/cni-plugin flannel_linux.go).
  return {
    podNetwork: { backend, masquerade: flannelMasquerades === false ? "cni-bridge" : "flannel" },
  };
}

function backendsOf(nodes: readonly ReadNode[]): readonly string[] {
  return [...new Set(nodes.flatMap(({ flannelBackend }) => flannelBackend ?? []))];
}

function backendAssumptions(nodes: readonly ReadNode[]): readonly string[] {
  const others = backendsOf(nodes).filter((name) => name !== "vxlan" && name !== "host-gw");
  return others.map(
    (name) => `flannel's ${name} is not modelled: packets between nodes are routed`,
  );
}

/** The smallest block that holds all `podCIDR`. */
function coverOf(nodes: readonly NodeInput[]): string | undefined {
  return cover(nodes.flatMap(({ podCIDR }) => podCIDR ?? []));
}

function secondaryCover(nodes: readonly NodeInput[]): { readonly secondaryClusterCIDR?: string } {
  const secondaryClusterCIDR = cover(nodes.flatMap((node) => node.secondaryPodCIDR ?? []));
  return secondaryClusterCIDR === undefined ? {} : { secondaryClusterCIDR };
}

function cover(texts: readonly string[]): string | undefined {
  const [first, ...others] = texts.flatMap((text) => parsePrefix(text) ?? []);
  if (first === undefined) return undefined;
  return formatPrefix(others.reduce<Prefix>(widened, first));
}

function widened(block: Prefix, other: Prefix): Prefix {
  let { length } = block.length < other.length ? block : other;
  while (length > 0 && !prefixContains({ address: block.address, length }, other.address)) length--;
  return prefixOf(block.address, length);
}
