/**
 * Which file of a folder is which node's: `NODE.iptables-save.txt`, a folder for each node with
 * `iptables-save.txt` in it, and the names that support bundles give, with the node before or behind.
 */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { sanitize } from "#report/sanitize.js";
import { diskFile } from "./bundle/disk-file.js";
import type { SavedFile } from "./bundle/saved-file.js";
import type { StateFiles } from "./bundle/state-file-map.js";
import type { StateKind } from "./bundle/state-kind.js";
import { readStateName, type StateName } from "./bundle/state-name.js";
import { CannotCheck } from "./exit.js";
import { describeFileError } from "./file-error.js";

/** @throws CannotCheck for a folder that cannot be read, and for a name that may be two nodes'. */
export function stateFiles(folder: string): StateFiles {
  const nodes = new Map<string, Map<StateKind, SavedFile>>();
  for (const { node, kind, file } of [...filesIn(folder), ...filesOfFolders(folder)]) {
    const files = nodes.get(node) ?? new Map<StateKind, SavedFile>();
    const other = files.get(kind);
    if (other) throw new CannotCheck(twice({ node, kind, files: [other.file, file] }));
    nodes.set(node, files.set(kind, diskFile(file)));
  }
  return new Map([...nodes].sort(([one], [other]) => (one < other ? -1 : 1)));
}

interface FolderFile extends StateName {
  /** With its folder. */
  readonly file: string;
}

function filesIn(folder: string): readonly FolderFile[] {
  return listFolder(folder)
    .filter((entry) => !entry.isDirectory())
    .flatMap(({ name }) => {
      const reading = readStateName(join(folder, name));
      return reading ? [{ ...reading, file: join(folder, name) }] : [];
    });
}

/**
 * A folder is a node's where a file in it has no node's name or that of the folder: others, as one
 * of states from before, are not asked for.
 */
function filesOfFolders(folder: string): readonly FolderFile[] {
  const folders = listFolder(folder).filter((entry) => entry.isDirectory());
  return folders.flatMap(({ name: node }) => {
    const files = filesIn(join(folder, node));
    const isOwn = (file: FolderFile): boolean => file.node === "" || file.node === node;
    if (!files.some(isOwn)) return [];
    const stranger = files.find((file) => !isOwn(file));
    if (stranger) throw new CannotCheck(contradiction(node, stranger));
    return files.map((file) => ({ ...file, node }));
  });
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

function contradiction(folder: string, { node, kind, file }: FolderFile): string {
  return (
    `${sanitize(file)}: the folder says node ${sanitize(folder)}, the file ${sanitize(node)}\n` +
    `    try       call it ${kind}, or move it out of the folder`
  );
}

function twice({ node, kind, files }: StateName & { readonly files: readonly string[] }): string {
  const list = files.map((file) => `    ${sanitize(file)}`).join("\n");
  const owner = node === "" ? "the node" : sanitize(node);
  return `two files are ${kind} of ${owner}\n${list}\n    try       keep one of them`;
}
