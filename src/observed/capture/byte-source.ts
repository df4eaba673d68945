/** Where the bytes of a capture come from. The CLI opens files; this folder never does. */

/** A regular file, read in order. */
export interface BlockSource {
  /** What the summary calls it. */
  readonly name: string;
  /**
   * Reads the file's next bytes to `target[at]` and on, as many as there is room for or fewer, and
   * says how many; 0 at the end of the file.
   */
  read(target: Uint8Array, at: number): number;
}

/** A pipe, or anything else whose bytes come when they come. */
export interface ChunkSource {
  /** What the summary calls it. */
  readonly name: string;
  readonly chunks: AsyncIterable<Uint8Array>;
}
