import type { StateKind } from "./state-kind.js";

/** A file of what another tool saved of one node, as `ip-resources.txt`. */
export interface CollectedFile {
  /** Below the collection's own folder: `proc-sys-net/ipv4/ip_forward`. */
  readonly path: string;
  readonly text: string;
}

/** One of our files as it is found in another tool's. */
export interface CollectedState {
  readonly kind: StateKind;
  /**
   * The file it is from: what reports cite. Where lines are cited, everything else in the text is
   * blank, so that a line has the number that it has in that file.
   */
  readonly path: string;
  readonly text: string;
}

/** Reads what another tool saved of one node. Pure; what is not there is left out. */
export type ReadCollection = (files: readonly CollectedFile[]) => readonly CollectedState[];
