import type { BlockSource } from "./byte-source.js";
import { CaptureReader } from "./capture-reader.js";
import type { RecordSink } from "./record.js";
import type { CaptureSummary } from "./summary.js";

/** Reads an uncompressed regular file to its end, in blocks that are used again and in place. */
export function readCapture(source: BlockSource, sink: RecordSink): CaptureSummary {
  const reader = new CaptureReader({ name: source.name, sink });
  while (readBlock(source, reader));
  return reader.finish();
}

/** Reads one block further; false when there is nothing more, or nothing more is wanted. */
export function readBlock(source: BlockSource, reader: CaptureReader): boolean {
  const { block } = reader;
  block.makeRoom();
  const fresh = source.read(block.bytes, block.end);
  block.end += fresh;
  return fresh > 0 && reader.read(fresh);
}
