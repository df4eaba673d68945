import type { EpochNs } from "#net/types.js";
import { BlockBuffer } from "./block-buffer.js";
import { readAnyWith, type AnySource } from "./read-any.js";

/** As a rule the header and the first record; the buffer grows for a larger one. */
const PEEK_BLOCK_BYTES = 4096;

/**
 * Time of a capture's first record, reading little more than that; undefined without one. A file has
 * to be opened again to be read.
 */
export async function peekFirstTime(source: AnySource): Promise<EpochNs | undefined> {
  const summary = await readAnyWith(source, {
    name: source.name,
    sink: () => {},
    block: new BlockBuffer(PEEK_BLOCK_BYTES),
    enoughRecords: 1,
  });
  return summary.baseTime;
}
