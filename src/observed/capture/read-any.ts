import { BlockBuffer } from "./block-buffer.js";
import { ByteReader } from "./byte-reader.js";
import type { BlockSource, ChunkSource } from "./byte-source.js";
import { CaptureReader, type CaptureReaderOptions, type StreamFault } from "./capture-reader.js";
import { readBlock } from "./read-capture.js";
import { loadStreamParser, readChunks } from "./read-capture-stream.js";
import type { RecordSink } from "./record.js";
import { COMPRESSION_SNIFF_BYTES, sniffCompression, type Compression } from "./sniff.js";
import type { CaptureSummary } from "./summary.js";

/** Bytes asked of a compressed file at once. */
const COMPRESSED_BLOCK_BYTES = 65_536;

/**
 * Unpacks as far as it can and returns how that ended, if not properly. It holds a piece of the
 * output at a time, never all: what a small file unpacks to has no bound.
 */
type Decompressor = (
  compressed: ByteReader,
) => AsyncGenerator<Uint8Array, StreamFault | undefined, undefined>;

/** Loaded when they are needed. */
const DECOMPRESSORS: Readonly<Record<Compression, () => Promise<Decompressor>>> = {
  gzip: async () => (await import("./gunzip.js")).gunzip,
  zstd: async () => (await import("./unzstd.js")).unzstd,
};

export type AnySource = BlockSource | ChunkSource;

/** Reads any capture from anywhere: a file or a stream, compressed or not, by its content. */
export function readAny(source: AnySource, sink: RecordSink): Promise<CaptureSummary> {
  return readAnyWith(source, { name: source.name, sink });
}

/** What a caller may want of a reader beside its source. */
type Wishes = Omit<CaptureReaderOptions, "streamParser" | "compression">;

export function readAnyWith(source: AnySource, wishes: Wishes): Promise<CaptureSummary> {
  return "read" in source ? readFile(source, wishes) : readStream(source, wishes);
}

async function readFile(source: BlockSource, wishes: Wishes): Promise<CaptureSummary> {
  const block = wishes.block ?? new BlockBuffer();
  let fresh: number;
  do {
    fresh = source.read(block.bytes, block.end);
    block.end += fresh;
  } while (fresh > 0 && block.end < COMPRESSION_SNIFF_BYTES);
  const head = block.bytes.subarray(0, block.end);
  const compression = sniffCompression(head);
  if (compression !== undefined) {
    const compressed = new ByteReader(chunksOf(source, head));
    return readCompressed(compressed, { ...wishes, block: new BlockBuffer(), compression });
  }
  const reader = new CaptureReader({ ...wishes, block });
  if (head.length > 0 && reader.read(head.length)) {
    while (readBlock(source, reader));
  }
  return reader.finish();
}

/** A file as a stream, from the bytes on that were read of it already. */
async function* chunksOf(source: BlockSource, head: Uint8Array): AsyncGenerator<Uint8Array, void> {
  yield head;
  for (;;) {
    // A new one each time: what was not taken of the last is still looked at.
    const block = new Uint8Array(COMPRESSED_BLOCK_BYTES);
    const count = source.read(block, 0);
    if (count === 0) return;
    yield block.subarray(0, count);
  }
}

async function readStream(source: ChunkSource, wishes: Wishes): Promise<CaptureSummary> {
  const bytes = new ByteReader(source.chunks);
  const compression = sniffCompression(await bytes.peek(COMPRESSION_SNIFF_BYTES));
  if (compression !== undefined) return readCompressed(bytes, { ...wishes, compression });
  const reader = new CaptureReader({ ...wishes, streamParser: await loadStreamParser() });
  await readChunks(bytes.remaining(), reader);
  return reader.finish();
}

async function readCompressed(
  compressed: ByteReader,
  wishes: Wishes & { readonly compression: Compression },
): Promise<CaptureSummary> {
  const reader = new CaptureReader({ ...wishes, streamParser: await loadStreamParser() });
  const decompress = await DECOMPRESSORS[wishes.compression]();
  let fault: StreamFault | undefined;
  async function* unpacked(): AsyncGenerator<Uint8Array, undefined> {
    fault = yield* decompress(compressed);
  }
  try {
    await readChunks(unpacked(), reader);
  } finally {
    await compressed.close();
  }
  return reader.finish(fault);
}
