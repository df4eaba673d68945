/** conntrack tables and events: those of `--state DIR`, and files that `--conntrack` names. */
import { existsSync, readFileSync } from "node:fs";
import type { Topology } from "#cluster/topology.js";
import type { ConntrackEntry } from "#observed/conntrack/conntrack-entry.js";
import { readConntrack, type ConntrackText } from "#observed/conntrack/read-conntrack.js";
import { sanitize } from "#report/sanitize.js";
import { CannotCheck } from "./exit.js";
import { describeFileError } from "./inputs.js";
import { stateFiles } from "./state-files.js";

export interface ConntrackRequest {
  /** Of `--state`. */
  readonly folder: string | undefined;
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
  const named = request.words.map((word) => readWord(word, request.topology));
  const found = request.folder === undefined ? [] : inFolder(request.folder, request.topology);
  const once = new Map([...found, ...named].map((one) => [one.file, one]));
  const texts = [...once.values()].map(readText).map(readConntrack);
  return {
    entries: texts.length === 0 ? undefined : texts.flatMap(({ entries }) => entries),
    remarks: [
      ...named.flatMap((one) => strangerTo(request.topology, one)),
      ...texts.flatMap(({ remarks }) => remarks.map(sanitize)),
    ],
  };
}

type Named = Omit<ConntrackText, "text">;

/** A name with `=` in it that exists is a file. */
function readWord(word: string, topology: Topology | undefined): Named {
  const at = existsSync(word) ? -1 : word.indexOf("=");
  if (at > 0) return { node: word.slice(0, at), file: word.slice(at + 1) };
  const nodes = topology?.nodes.map(({ name }) => name) ?? [];
  if (nodes.length > 1) {
    const [first = "NODE"] = nodes;
    const hint = `--conntrack ${sanitize(first)}=${sanitize(word)}`;
    throw new CannotCheck(
      `--conntrack ${sanitize(word)}: of which node? the topology has ${nodes.map(sanitize).join(", ")}\n` +
        `    try       ${hint}`,
    );
  }
  return { node: onlyNode(topology), file: word };
}

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

function inFolder(folder: string, topology: Topology | undefined): readonly Named[] {
  return [...stateFiles(folder)].flatMap(([name, files]) =>
    KINDS.flatMap((kind) => {
      const file = files.get(kind);
      return file === undefined ? [] : [{ node: name === "" ? onlyNode(topology) : name, file }];
    }),
  );
}

const KINDS = ["conntrack.txt", "conntrack-events.txt"] as const;

/** What a node is called whose files have no name in front, see `readStates`. */
function onlyNode(topology: Topology | undefined): string {
  const [only, ...others] = topology?.nodes ?? [];
  return only && others.length === 0 ? only.name : "node";
}

function readText(named: Named): ConntrackText {
  try {
    return { ...named, text: readFileSync(named.file, "utf8") };
  } catch (error) {
    throw new CannotCheck(`--conntrack ${sanitize(named.file)}: ${describeFileError(error)}`);
  }
}
