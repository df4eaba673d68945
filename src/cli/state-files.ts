/**
 * Which file of a folder is which node's: `NODE.iptables-save.txt`, a folder for each node with
 * `iptables-save.txt` in it, and the names that support bundles give, with the node before or behind.
 */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { sanitize } from "#report/sanitize.js";
import { CannotCheck } from "./exit.js";
import { describeFileError } from "./inputs.js";

/** What a node's files are called without the node's name. To add one: its line here. */
export const STATE_KINDS = [
  "iptables-save.txt",
  "ip6tables-save.txt",
  "ip-addr.json",
  "ip-route.json",
  "ip-6-route.json",
  "sysctl.txt",
  "ipset-save.txt",
  "ipvsadm.txt",
  "conntrack.txt",
  "conntrack-events.txt",
] as const;
export type StateKind = (typeof STATE_KINDS)[number];

/** Paths by the node's name, which is empty where a folder holds the files of one node without it. */
export type StateFiles = ReadonlyMap<string, ReadonlyMap<StateKind, string>>;

/** @throws CannotCheck for a folder that cannot be read, and for a name that may be two nodes'. */
export function stateFiles(folder: string): StateFiles {
  const nodes = new Map<string, Map<StateKind, string>>();
  for (const { node, kind, file } of [...filesIn(folder), ...filesOfFolders(folder)]) {
    const files = nodes.get(node) ?? new Map<StateKind, string>();
    const other = files.get(kind);
    if (other !== undefined) throw new CannotCheck(twice({ node, kind, files: [other, file] }));
    nodes.set(node, files.set(kind, file));
  }
  return new Map([...nodes].sort(([one], [other]) => (one < other ? -1 : 1)));
}

interface StateFile {
  readonly node: string;
  readonly kind: StateKind;
  /** With its folder. */
  readonly file: string;
}

function filesIn(folder: string): readonly StateFile[] {
  return listFolder(folder)
    .filter((entry) => !entry.isDirectory())
    .flatMap(({ name }) => {
      const reading = readName(join(folder, name), name);
      return reading ? [{ ...reading, file: join(folder, name) }] : [];
    });
}

/**
 * A folder is a node's where a file in it has no node's name or that of the folder: others, as one
 * of states from before, are not asked for.
 */
function filesOfFolders(folder: string): readonly StateFile[] {
  const folders = listFolder(folder).filter((entry) => entry.isDirectory());
  return folders.flatMap(({ name: node }) => {
    const files = filesIn(join(folder, node));
    const isOwn = (file: StateFile): boolean => file.node === "" || file.node === node;
    if (!files.some(isOwn)) return [];
    const stranger = files.find((file) => !isOwn(file));
    if (stranger) throw new CannotCheck(contradiction(node, stranger));
    return files.map((file) => ({ ...file, node }));
  });
}

interface Reading {
  readonly node: string;
  readonly kind: StateKind;
}

/** `NODE.KIND` counts before all others, as this is how the documentation spells it. */
function readName(file: string, name: string): Reading | undefined {
  const whole = STATE_KINDS.find((kind) => kind === name);
  if (whole) return { node: "", kind: whole };
  const documented = STATE_KINDS.find((kind) => name.endsWith(`.${kind}`));
  if (documented) return { node: name.slice(0, -documented.length - 1), kind: documented };
  const readings = STATE_KINDS.flatMap((kind) => looseReadings(name, kind));
  const [reading, ...others] = readings.filter(({ node }) => node !== "");
  if (reading && others.length > 0) {
    throw new CannotCheck(ambiguous(file, [reading, ...others]));
  }
  return reading;
}

/** `NODE-KIND`, `NODE_KIND`, and with the node behind: `iptables-save-NODE.txt`. */
function looseReadings(name: string, kind: StateKind): readonly Reading[] {
  const dot = kind.lastIndexOf(".");
  const [stem, ending] = [kind.slice(0, dot), kind.slice(dot)];
  const isBefore = ["-", "_"].some((mark) => name.endsWith(`${mark}${kind}`));
  const isBehind =
    name.endsWith(ending) && ["-", "_"].some((mark) => name.startsWith(`${stem}${mark}`));
  return [
    ...(isBefore ? [{ node: name.slice(0, -kind.length - 1), kind }] : []),
    ...(isBehind ? [{ node: name.slice(stem.length + 1, -ending.length), kind }] : []),
  ];
}

function listFolder(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true }).sort((one, other) =>
      one.name < other.name ? -1 : 1,
    );
  } catch (error) {
    throw new CannotCheck(`${sanitize(folder)}: ${describeFileError(error)}`);
  }
}

function ambiguous(file: string, readings: readonly Reading[]): string {
  const list = readings.map(({ node, kind }) => `    ${sanitize(node)}'s ${kind}`).join("\n");
  const [first] = readings;
  const example = `${sanitize(first?.node ?? "NODE")}.${first?.kind ?? "iptables-save.txt"}`;
  return `${sanitize(file)}: its name can be read in several ways\n${list}\n    try       call it ${example}`;
}

function contradiction(folder: string, { node, kind, file }: StateFile): string {
  return (
    `${sanitize(file)}: the folder says node ${sanitize(folder)}, the file ${sanitize(node)}\n` +
    `    try       call it ${kind}, or move it out of the folder`
  );
}

function twice({ node, kind, files }: Reading & { readonly files: readonly string[] }): string {
  const list = files.map((file) => `    ${sanitize(file)}`).join("\n");
  const owner = node === "" ? "the node" : sanitize(node);
  return `two files are ${kind} of ${owner}\n${list}\n    try       keep one of them`;
}
