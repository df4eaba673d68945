/** Reads `topology.yaml`, or the same as JSON. */
import { LineCounter, parseDocument } from "yaml";
import type { TopologySoFar } from "./complete-topology.js";
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
  const { document, place } = parsed(input);
  const read = topologySchema.safeParse(plainOf(document, input.file));
  const faults = read.success ? strayNames(read.data) : faultsOf(read.error);
  if (read.success && faults.length === 0) return topologyOf(read.data);
  throw new TopologyError(faults.map((fault) => lineOf(fault, place(fault.path))).join("\n"));
}

/**
 * A file beside others, as it is written: names that lead nowhere may lead into another.
 * @throws TopologyError that names every fault with its line and column.
 */
export function readCompletion(input: TopologyText): CompletionInput {
  const { document, place } = parsed(input);
  const plain = plainOf(document, input.file);
  const read = completionSchema.safeParse(plain);
  if (read.success) return plain as CompletionInput;
  const faults = faultsOf(read.error);
  throw new TopologyError(faults.map((fault) => lineOf(fault, place(fault.path))).join("\n"));
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

export interface TopologyText {
  readonly file: string;
  readonly text: string;
}

interface Parsed {
  readonly document: ReturnType<typeof parseDocument>;
  /** `file:line:column` of the deepest part of a path that exists. */
  readonly place: (path: Path) => string;
}

function parsed({ file, text }: TopologyText): Parsed {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const placeOf = (offset: number): string => {
    const { line, col } = lines.linePos(offset);
    return `${file}:${line}:${col}`;
  };
  const [fault] = document.errors;
  if (fault) throw new TopologyError(`${placeOf(fault.pos[0])}: ${fault.message}`);
  return { document, place: (path) => placeOf(offsetOf(document, path)) };
}

function lineOf({ path, message }: Fault, place: string): string {
  return `${place}: ${path.join(".") || "file"}: ${message}`;
}

interface Issues {
  readonly issues: readonly { readonly path: readonly PropertyKey[]; readonly message: string }[];
}

function faultsOf({ issues }: Issues): readonly Fault[] {
  return issues.map(({ path, message }) => ({ path: path as Path, message }));
}

type Path = (string | number)[];

interface Fault {
  readonly path: Path;
  readonly message: string;
}

/** Aliases are resolved here, and the reader refuses those that grow without end. */
function plainOf(document: ReturnType<typeof parseDocument>, file: string): unknown {
  try {
    return document.toJS();
  } catch (error) {
    throw new TopologyError(`${file}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** Where the deepest part of `path` that exists stands in the text. */
function offsetOf(document: ReturnType<typeof parseDocument>, path: Path): number {
  for (let length = path.length; length > 0; length--) {
    const node: unknown = document.getIn(path.slice(0, length), true);
    if (typeof node === "object" && node !== null && "range" in node && Array.isArray(node.range)) {
      return Number(node.range[0]);
    }
  }
  return 0;
}

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
