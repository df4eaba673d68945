import type { BlockBuffer } from "./block-buffer.js";

/**
 * One file format, or one way to read it. It knows nothing of where bytes come from: a file, a pipe
 * and a decompressor fill the same block.
 */
export interface RecordParser {
  /** Delivers every whole record of the block; false when the rest of the file cannot be read. */
  parse(block: BlockBuffer): boolean;
  /** No more bytes will come: says what the rest of the block was the beginning of. */
  finish(block: BlockBuffer): void;
  /** Says what it counted on the way. Called at the end, however that came. */
  addNotes(): void;
}
