/** The state and the topologies that bundles hold, for `verify`. */
import { sanitize } from "#report/sanitize.js";
import { CannotCheck } from "../exit.js";
import { groupBy } from "../group-by.js";
import type { Bundle, TakenEntry } from "./bundle.js";
import type { CollectedState } from "./collection.js";
import { COLLECTIONS, type CollectionName } from "./collections.js";
import { diskFile } from "./disk-file.js";
import type { SavedFile } from "./saved-file.js";
import type { StateFiles } from "./state-file-map.js";
import type { StateKind } from "./state-kind.js";

export interface SavedState {
  /** The bundles, as the user wrote them. */
  readonly paths: readonly string[];
  readonly states: StateFiles;
  /** As `--state-before` has them. */
  readonly earlierStates: StateFiles;
  /** Files of ours and Kubernetes' own objects, in the order of their names. */
  readonly topologies: readonly SavedFile[];
}

/** @throws CannotCheck where two files are the same of one node. */
export function savedIn(bundles: readonly Bundle[]): SavedState {
  const entries = bundles.flatMap(({ takings }) => takings);
  const states = entries.flatMap((entry) => stateOf(entry, "state"));
  return {
    paths: bundles.map(({ path }) => path),
    states: byNode([...states, ...collectedIn(entries)]),
    earlierStates: byNode(entries.flatMap((entry) => stateOf(entry, "earlier state"))),
    topologies: entries.filter(({ taking }) => taking.as === "topology").map(savedFile),
  };
}

interface NodeFile {
  readonly node: string;
  readonly kind: StateKind;
  readonly file: SavedFile;
}

function stateOf(entry: TakenEntry, as: "state" | "earlier state"): readonly NodeFile[] {
  const { taking } = entry;
  if (taking.as !== as) return [];
  return [{ node: taking.node, kind: taking.kind, file: savedFile(entry) }];
}

function savedFile({ shown, content }: TakenEntry): SavedFile {
  if (content.on === "disk") return { ...diskFile(content.path), file: shown };
  const bytes = content.on === "memory" ? content.bytes : new Uint8Array(0);
  return {
    file: shown,
    read: () => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("utf8"),
  };
}

interface Part {
  readonly of: CollectionName;
  readonly node: string;
  /** What outputs call the folder or archive that the collection is in. */
  readonly root: string;
  readonly path: string;
  readonly file: SavedFile;
}

function collectedIn(entries: readonly TakenEntry[]): readonly NodeFile[] {
  const parts = entries.flatMap((entry): readonly Part[] => {
    const { taking, shown } = entry;
    if (taking.as !== "part") return [];
    const { of, node, path } = taking;
    return [{ of, node, path, root: shown.slice(0, -path.length), file: savedFile(entry) }];
  });
  const collections = groupBy(parts, ({ of, node, root }) => JSON.stringify([of, node, root]));
  return [...collections.values()].flatMap(readParts);
}

function readParts(parts: readonly Part[]): readonly NodeFile[] {
  const [first] = parts;
  if (!first) return [];
  const { of, node, root } = first;
  const files = parts.map(({ path, file }) => ({ path, text: file.read() }));
  return COLLECTIONS[of](files).map(({ kind, path, text }: CollectedState) => ({
    node,
    kind,
    file: { file: `${root}${path}`, read: () => text },
  }));
}

function byNode(files: readonly NodeFile[]): StateFiles {
  const nodes = new Map<string, Map<StateKind, SavedFile>>();
  for (const { node, kind, file } of files) {
    const kinds = nodes.get(node) ?? new Map<StateKind, SavedFile>();
    const other = kinds.get(kind);
    if (other) throw new CannotCheck(twice({ node, kind, files: [other.file, file.file] }));
    nodes.set(node, kinds.set(kind, file));
  }
  return new Map([...nodes].sort(([one], [other]) => (one < other ? -1 : 1)));
}

function twice(of: { node: string; kind: StateKind; files: readonly [string, string] }): string {
  const list = of.files.map((file) => `    ${sanitize(file)}`).join("\n");
  const owner = of.node === "" ? "the node" : sanitize(of.node);
  const hint = `--as ${sanitize(of.files[1])}=nothing, or =NODE.${of.kind}`;
  return `two files are ${of.kind} of ${owner}\n${list}\n    try       ${hint}`;
}
