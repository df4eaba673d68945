/** Reads `topology.yaml`, or the same as JSON. */
import { LineCounter, parseDocument } from "yaml";
import { z } from "zod";
import { parseAddress } from "#net/address.js";
import { parsePrefix, type Prefix } from "#net/prefix.js";
import { INTERFACE_KINDS, type Topology } from "./topology.js";

const address = z.string().transform((text, context) => {
  const value = parseAddress(text);
  if (value !== undefined) return value;
  context.addIssue({ code: "custom", message: `${text} is not an IP address` });
  return z.NEVER;
});

const prefix = z.string().transform((text, context): Prefix => {
  const value = parsePrefix(text);
  if (value !== undefined) return value;
  context.addIssue({ code: "custom", message: `${text} is not an address or prefix` });
  return z.NEVER;
});

const port = z.int().min(1).max(65_535);

const hostPort = z.strictObject({
  hostPort: port,
  containerPort: port,
  protocol: z.enum(["tcp", "udp", "sctp"]).default("tcp"),
  hostIP: address.optional(),
});

const networkInterface = z.strictObject({
  name: z.string(),
  index: z.int().positive().optional(),
  kind: z.enum(INTERFACE_KINDS),
  addresses: z.array(prefix).default([]),
  pod: z.string().optional(),
});

const topologySchema = z.strictObject({
  schema: z.literal("pcapcheck.topology/v1"),
  nodes: z
    .array(
      z.strictObject({
        name: z.string(),
        addresses: z.array(address).min(1),
        podCIDR: prefix.optional(),
        interfaces: z.array(networkInterface).default([]),
      }),
    )
    .min(1),
  pods: z
    .array(
      z.strictObject({
        name: z.string(),
        node: z.string(),
        address,
        hostNetwork: z.boolean().default(false),
        hostPorts: z.array(hostPort).default([]),
        ports: z.array(port).default([]),
        gone: z.boolean().default(false),
      }),
    )
    .default([]),
  clients: z
    .array(z.strictObject({ name: z.string(), addresses: z.array(prefix).min(1) }))
    .default([]),
  clusterCIDR: prefix.optional(),
  portmap: z.string().optional(),
});

/** A topology file that cannot be used, as `file:line:column: what` lines. */
export class TopologyError extends Error {
  override readonly name = "TopologyError";
}

/** @throws TopologyError that names every fault with its line and column. */
export function readTopology({ file, text }: { file: string; text: string }): Topology {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const place = (offset: number): string => {
    const { line, col } = lines.linePos(offset);
    return `${file}:${line}:${col}`;
  };
  const [fault] = document.errors;
  if (fault) throw new TopologyError(`${place(fault.pos[0])}: ${fault.message}`);

  const at = (path: Path): string => place(offsetOf(document, path));
  const read = topologySchema.safeParse(plainOf(document, file));
  const faults = read.success
    ? strayPods(read.data)
    : read.error.issues.map(({ path, message }) => ({ path: path as Path, message }));
  if (read.success && faults.length === 0) return read.data as unknown as Topology;
  const lineOf = ({ path, message }: Fault): string =>
    `${at(path)}: ${path.join(".") || "file"}: ${message}`;
  throw new TopologyError(faults.map(lineOf).join("\n"));
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

function strayPods({ nodes, pods }: z.infer<typeof topologySchema>): Fault[] {
  const names = new Set(nodes.map(({ name }) => name));
  return pods.flatMap(({ name, node }, index) => {
    if (names.has(node)) return [];
    const message = `pod ${name} is on node ${node}, which the file does not list`;
    return [{ path: ["pods", index, "node"], message }];
  });
}
