/** The state of nodes, from the files of a folder or of a bundle. */
import type { NodeState } from "#expected/netfilter/node-state.js";
import { sanitize } from "#report/sanitize.js";
import type { StateFiles } from "./bundle/state-file-map.js";
import type { StateKind } from "./bundle/state-kind.js";
import { CannotCheck } from "./exit.js";
import { FAMILY_FILES, readNode, type SavedNodes } from "./node-files.js";
import { stateFiles } from "./state-files.js";

export interface StateRequest {
  readonly folder: string;
  /** Undefined: the only one in the folder. */
  readonly node: string | undefined;
  readonly family: "ipv4" | "ipv6";
}

/** @throws CannotCheck that names the file that is missing or cannot be used. */
export function readState({ folder, node, family }: StateRequest): NodeState {
  const files = stateFiles(folder);
  const name = node ?? onlyNode(files, { folder, rules: FAMILY_FILES[family].rules });
  return readNode({ folder, files, name, family });
}

/**
 * Every node whose rules of that family are in the folder, by name; none is no fault, for a node may
 * have rules of the other family alone.
 * @throws CannotCheck that names the file that is missing or cannot be used.
 */
export function readStates({
  folder,
  family,
}: Omit<StateRequest, "node">): ReadonlyMap<string, NodeState> {
  return savedStates({ folder, files: stateFiles(folder) }, family);
}

/** The same of files that somebody has found already. */
export function savedStates(
  { folder, files }: SavedNodes,
  family: StateRequest["family"],
): ReadonlyMap<string, NodeState> {
  const states = nodesWith(files, FAMILY_FILES[family].rules).map((name) =>
    readNode({ folder, files, name, family }),
  );
  return new Map(states.map((state) => [state.name, state]));
}

function nodesWith(files: StateFiles, kind: StateKind): readonly string[] {
  return [...files].flatMap(([node, kinds]) => (kinds.has(kind) ? [node] : []));
}

function onlyNode(
  files: StateFiles,
  { folder, rules }: { readonly folder: string; readonly rules: StateKind },
): string {
  const nodes = nodesWith(files, rules);
  const [only = "", ...others] = nodes;
  if (nodes.length === 0) {
    throw new CannotCheck(`${sanitize(folder)}: no file NODE.${rules} or NODE/${rules} in it`);
  }
  if (others.length === 0) return only;
  const list = nodes.map((name) => sanitize(name)).join(", ");
  throw new CannotCheck(
    `${sanitize(folder)}: several nodes, ${list}\n    try       --node ${only}`,
  );
}
