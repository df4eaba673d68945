/** Reads `topology.yaml`, or the same as JSON. */
import type { TopologySoFar } from "./complete-topology.js";
import { faultsOf, readPlaced, type Fault, type NamedText, type Path } from "./placed-text.js";
import {
  completionSchema,
  topologySchema,
  type CompletionInput,
  type TopologyFile,
} from "./topology-schema.js";
import type { Topology } from "./topology.js";

/** A topology file that cannot be used, as `file:line:column: what` lines. */
export class TopologyError extends Error {
  override readonly name = "TopologyError";
}

/** @throws TopologyError that names every fault with its line and column. */
export function readTopology(input: TopologyText): Topology {
  const { plain, lineOf } = readPlaced(input, TopologyError);
  const read = topologySchema.safeParse(plain);
  const faults = read.success ? strayNames(read.data) : faultsOf(read.error);
  if (read.success && faults.length === 0) return topologyOf(read.data);
  throw new TopologyError(faults.map(lineOf).join("\n"));
}

/**
 * A file beside others, as it is written: names that lead nowhere may lead into another.
 * @throws TopologyError that names every fault with its line and column.
 */
export function readCompletion(input: TopologyText): CompletionInput {
  const { plain, lineOf } = readPlaced(input, TopologyError);
  const read = completionSchema.safeParse(plain);
  if (read.success) return plain as CompletionInput;
  throw new TopologyError(faultsOf(read.error).map(lineOf).join("\n"));
}

/**
 * What several files together tell.
 * @throws TopologyError that names what is missing, by its name.
 */
export function topologyFrom(input: TopologySoFar, file: string): Topology {
  const read = topologySchema.safeParse({ schema: "pcapcheck.topology/v1", ...input });
  const faults = read.success ? strayNames(read.data) : faultsOf(read.error);
  if (read.success && faults.length === 0) return topologyOf(read.data);
  const lines = faults.map(({ path, message }) => {
    const named = namedPath(input, path);
    return `${file}: ${named.join(".") || "file"}: ${message}`;
  });
  throw new TopologyError(lines.join("\n"));
}

/** `nodes.node1.addresses`: numbers of a list that was put together say nothing to anybody. */
function namedPath(input: TopologySoFar, path: Path): Path {
  const [list, index, ...rest] = path;
  if (list !== "nodes" && list !== "pods" && list !== "services" && list !== "clients") return path;
  const name = input[list]?.[Number(index)]?.name;
  return name === undefined ? path : [list, name, ...rest];
}

export type TopologyText = NamedText;

/** Names that lead nowhere. */
function strayNames(file: TopologyFile): readonly Fault[] {
  return [...strayPods(file), ...strayEndpoints(file)];
}

function strayPods({ nodes, pods, services }: TopologyFile): readonly Fault[] {
  const byName = new Map(nodes.map((node) => [node.name, node]));
  return pods.flatMap(({ name, node, network, sharesNetworkOf, proxyFor }, index) => {
    const fault = (field: string, message: string): Fault => ({
      path: ["pods", index, field],
      message,
    });
    const home = byName.get(node);
    if (!home)
      return [fault("node", `pod ${name} is on node ${node}, which the file does not list`)];
    const isListed = home.docker?.networks.some((known) => known.name === network) ?? false;
    const faults: Fault[] = [];
    // Docker's own words; neither is a network to list.
    const isBuiltIn = network === "none" || network === "host";
    if (network !== undefined && !isListed && !isBuiltIn) {
      faults.push(fault("network", `node ${node} lists no Docker network ${network}`));
    }
    if (sharesNetworkOf !== undefined && !pods.some((pod) => pod.name === sharesNetworkOf)) {
      faults.push(fault("sharesNetworkOf", `the file lists no pod ${sharesNetworkOf}`));
    }
    if (proxyFor !== undefined && !services.some((service) => service.name === proxyFor)) {
      faults.push(fault("proxyFor", `the file lists no service ${proxyFor}`));
    }
    return faults;
  });
}

function strayEndpoints({ pods, services }: TopologyFile): readonly Fault[] {
  const names = new Set(pods.map(({ name }) => name));
  return services.flatMap(({ endpoints }, at) =>
    endpoints.flatMap(({ pod, address }, index) => {
      const path = ["services", at, "endpoints", index];
      if (pod === undefined && address === undefined) {
        return [{ path, message: "has neither pod nor address" }];
      }
      if (pod === undefined || names.has(pod)) return [];
      return [{ path: [...path, "pod"], message: `the file lists no pod ${pod}` }];
    }),
  );
}

function topologyOf(file: TopologyFile): Topology {
  const pods = new Map(file.pods.map((pod) => [pod.name, pod]));
  const services = file.services.map((service) => ({
    ...service,
    ports: service.ports.map((port) => ({ ...port, targetPort: port.targetPort ?? port.port })),
    endpoints: service.endpoints.map((endpoint) => {
      const pod = endpoint.pod === undefined ? undefined : pods.get(endpoint.pod);
      return {
        ...endpoint,
        address: endpoint.address ?? pod?.address ?? "",
        node: endpoint.node ?? pod?.node,
        serving: endpoint.serving ?? endpoint.ready,
      };
    }),
  }));
  return { ...file, services } as Topology;
}
