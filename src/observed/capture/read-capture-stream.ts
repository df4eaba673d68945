import type { ChunkSource } from "./byte-source.js";
import { CaptureReader } from "./capture-reader.js";
import type { RecordSink } from "./record.js";
import type { CaptureSummary } from "./summary.js";

/**
 * Reads uncompressed bytes as they come; a record is delivered as soon as its last byte is here.
 * Classic pcap goes through the package pcap-parser.
 */
export async function readCaptureStream(
  { name, chunks }: ChunkSource,
  sink: RecordSink,
): Promise<CaptureSummary> {
  const reader = new CaptureReader({ name, sink, streamParser: await loadStreamParser() });
  await readChunks(chunks, reader);
  return reader.finish();
}

/** Regular files are read without it, and it takes a while to load. */
export function loadStreamParser() {
  return import("./pcap-parser-guard.js");
}

/** Leaving the loop early closes the source, so that a writer is not left waiting. */
export async function readChunks(
  chunks: AsyncIterable<Uint8Array>,
  reader: CaptureReader,
): Promise<void> {
  for await (const chunk of chunks) {
    if (!readChunk(chunk, reader)) return;
  }
}

function readChunk(chunk: Uint8Array, reader: CaptureReader): boolean {
  let at = 0;
  while (at < chunk.length) {
    const taken = reader.block.append(chunk, at);
    at += taken;
    if (!reader.read(taken)) return false;
  }
  return true;
}
