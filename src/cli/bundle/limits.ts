/** Bounds of what an archive or a directory may make us read, hold or write. */
export interface BundleLimits {
  /** Files, links and folders together. */
  readonly entries: number;
  /** Folders inside folders, of a directory. */
  readonly depth: number;
  /** Characters of an entry's path. */
  readonly pathCharacters: number;
  /** Of one text, which is held as one string, in bytes. */
  readonly textBytes: number;
  /** Of all texts of an archive together, which are held in memory. */
  readonly allTextBytes: number;
  /** Of what is written to the temporary folder: captures and archives inside the archive. */
  readonly writtenBytes: number;
  /** Of all that an archive unpacks to, used or not. */
  readonly unpackedBytes: number;
}

const MiB = 2 ** 20;
const GiB = 2 ** 30;

/**
 * Twice what large collections of today have: an OpenShift must-gather has some 50,000 files, a list of
 * twenty thousand pods 100 MB.
 */
export const LIMITS: BundleLimits = {
  entries: 200_000,
  depth: 24,
  pathCharacters: 1024,
  textBytes: 256 * MiB,
  allTextBytes: 512 * MiB,
  writtenBytes: 16 * GiB,
  unpackedBytes: 64 * GiB,
};

/** `16 GiB`, `512 MiB`, `100 B`. */
export function formatLimit(bytes: number): string {
  if (bytes >= GiB) return `${bytes / GiB} GiB`;
  return bytes >= MiB ? `${bytes / MiB} MiB` : `${bytes} B`;
}
