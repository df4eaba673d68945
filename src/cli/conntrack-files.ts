/** conntrack tables and events: those of saved state, and files that `--conntrack` names. */
import { existsSync } from "node:fs";
import type { Topology } from "#cluster/topology.js";
import type { ConntrackEntry } from "#observed/conntrack/conntrack-entry.js";
import { readConntrack, type ConntrackText } from "#observed/conntrack/read-conntrack.js";
import { sanitize } from "#report/sanitize.js";
import { diskFile } from "./bundle/disk-file.js";
import type { SavedFile } from "./bundle/saved-file.js";
import type { StateFiles } from "./bundle/state-file-map.js";
import { CannotCheck } from "./exit.js";

export interface ConntrackRequest {
  /** Of `--state`, or of a bundle. */
  readonly files: StateFiles;
  /** Of `--conntrack`: `FILE`, `NODE=FILE`. */
  readonly words: readonly string[];
  readonly topology: Topology | undefined;
}

export interface ConntrackGiven {
  /** Undefined when no file was given: an empty table is one. */
  readonly entries: readonly ConntrackEntry[] | undefined;
  /** For stderr, with file and line: what was not understood. */
  readonly remarks: readonly string[];
}

/** @throws CannotCheck for a file that cannot be read, and for one that may be of several nodes. */
export function readConntrackFiles(request: ConntrackRequest): ConntrackGiven {
  const words = request.words.map((word) => readWord(word, request.topology));
  const found = savedTables(request.files, request.topology);
  const once = new Map([...found, ...words].map((one) => [one.file, one]));
  const texts = [...once.values()].map(readText).map(readConntrack);
  return {
    entries: texts.length === 0 ? undefined : texts.flatMap(({ entries }) => entries),
    remarks: [
      ...words.flatMap((one) => strangerTo(request.topology, one)),
      ...texts.flatMap(({ remarks }) => remarks.map(sanitize)),
    ],
  };
}

interface Named extends SavedFile {
  /** The node, or the pod with a network of its own, that it is of. */
  readonly node: string;
}

/** A name with `=` in it that exists is a file. */
function readWord(word: string, topology: Topology | undefined): Named {
  const at = existsSync(word) ? -1 : word.indexOf("=");
  if (at > 0) return named(word.slice(0, at), word.slice(at + 1));
  const nodes = topology?.nodes.map(({ name }) => name) ?? [];
  if (nodes.length > 1) {
    const [first = "NODE"] = nodes;
    const hint = `--conntrack ${sanitize(first)}=${sanitize(word)}`;
    throw new CannotCheck(
      `--conntrack ${sanitize(word)}: of which node? the topology has ${nodes.map(sanitize).join(", ")}\n` +
        `    try       ${hint}`,
    );
  }
  return named(onlyNode(topology), word);
}

const named = (node: string, file: string): Named => ({ ...diskFile(file, "--conntrack "), node });

/** A name that is mistyped would leave the table unused without a word. */
function strangerTo(topology: Topology | undefined, { node, file }: Named): readonly string[] {
  if (!topology) return [];
  const nodes = topology.nodes.map(({ name }) => name);
  const pods = topology.pods.flatMap(({ name }) => [name, `pod-${name}`]);
  if ([...nodes, ...pods].includes(node)) return [];
  const list = nodes.map(sanitize).join(", ");
  return [
    `--conntrack ${sanitize(node)}=${sanitize(file)}: the topology has no such node: ${list}`,
  ];
}

function savedTables(nodes: StateFiles, topology: Topology | undefined): readonly Named[] {
  return [...nodes].flatMap(([name, files]) =>
    KINDS.flatMap((kind) => {
      const file = files.get(kind);
      return file ? [{ ...file, node: name === "" ? onlyNode(topology) : name }] : [];
    }),
  );
}

const KINDS = ["conntrack.txt", "conntrack-events.txt"] as const;

/** What a node is called whose files have no name in front, see `readStates`. */
function onlyNode(topology: Topology | undefined): string {
  const [only, ...others] = topology?.nodes ?? [];
  return only && others.length === 0 ? only.name : "node";
}

function readText({ node, file, read }: Named): ConntrackText {
  return { node, file, text: read() };
}
