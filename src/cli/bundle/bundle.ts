import type { BundleEntry } from "./bundle-entry.js";
import type { SavedFile } from "./saved-file.js";
import type { StateKind } from "../state-files.js";
import type { Taking } from "./taking.js";

/** What somebody collected, each file taken for what it is. */
export interface Bundle {
  readonly captures: readonly BundleCapture[];
  /** By node, which is an empty name where nothing tells it. */
  readonly states: StateFiles;
  /** As `--state-before` has them. */
  readonly earlierStates: StateFiles;
  /** Files of ours and Kubernetes' own objects, in the order of their names. */
  readonly topologies: readonly SavedFile[];
  /** Every entry in the order of their names, for the table. */
  readonly takings: readonly TakenEntry[];
  /** Lines for stderr that change no verdict. */
  readonly remarks: readonly string[];
  /** Lines for stderr about what could not be read: each means exit 2, none stops the others. */
  readonly failures: readonly string[];
}

export interface BundleCapture {
  /** What every output calls the file. */
  readonly shown: string;
  /** Where its bytes are on this machine; for nobody's eyes. */
  readonly path: string;
  /** Undefined: named after its file. */
  readonly point: string | undefined;
}

/** Files by the node's name and what they are. */
export type StateFiles = ReadonlyMap<string, ReadonlyMap<StateKind, SavedFile>>;

export interface TakenEntry {
  readonly entry: Pick<BundleEntry, "shown" | "path">;
  readonly taking: Taking;
}
