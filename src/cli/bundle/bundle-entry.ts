/** One file of a bundle: of a directory, of an archive, or of an archive inside one. */
export interface BundleEntry {
  /** What every output calls it: `bundle.tgz/node1/iptables-save.txt`. Never a temporary path. */
  readonly shown: string;
  /** Its folders and name inside the bundle, archives inside it included: `node1/iptables-save.txt`. */
  readonly path: string;
  /** As the bundle says it; of a compressed file before it is unpacked. */
  readonly sizeBytes: number;
  /** Its first bytes, of a compressed one unpacked: at most `HEAD_BYTES`. */
  readonly head: Uint8Array;
}

/** Enough for every magic number, a tar header and the first lines of a text. */
export const HEAD_BYTES = 4096;
