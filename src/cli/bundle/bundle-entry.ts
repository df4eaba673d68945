/** One file of a bundle: of a directory, of an archive, or of an archive inside one. */
export interface BundleEntry {
  /** What every output calls it: `bundle.tgz/node1/iptables-save.txt`. Never a temporary path. */
  readonly shown: string;
  /** Its folders and name inside the bundle, archives inside it included: `node1/iptables-save.txt`. */
  readonly path: string;
  /** As the bundle says it; of a compressed file before it is unpacked. */
  readonly sizeBytes: number;
  /** Its first bytes, of a compressed one unpacked: at most `HEAD_BYTES` as it is stored. */
  readonly head: Uint8Array;
}

/** Enough for every magic number, a tar header and the first lines of a text. */
export const HEAD_BYTES = 4096;

/** An entry, and where all its bytes are. */
export interface FoundEntry extends BundleEntry {
  readonly content: EntryContent;
}

export type EntryContent =
  | { readonly on: "disk"; readonly path: string }
  | { readonly on: "memory"; readonly bytes: Uint8Array }
  /** Not kept: nothing that we read begins like it. */
  | { readonly on: "nowhere" };

/** What cannot be read as a file, and why: a link, a device, a name that leads elsewhere. */
export interface RefusedEntry extends Pick<BundleEntry, "shown" | "path"> {
  readonly why: string;
}

/** All that a directory or an archive holds. */
export interface Findings {
  readonly entries: readonly FoundEntry[];
  readonly refused: readonly RefusedEntry[];
  /** Lines for stderr about what could not be read: each means exit 2. */
  readonly failures: readonly string[];
}
