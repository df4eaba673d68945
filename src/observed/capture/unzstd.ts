import type { ByteReader } from "./byte-reader.js";
import type { StreamFault } from "./capture-reader.js";
import {
  newZstdEngine,
  WORK_PER_OUTPUT_BYTE,
  ZSTD_FREE_WORK_BYTES,
  ZSTD_WINDOW_BYTES,
  type ZstdEngine,
} from "./zstd-engine.js";

// RFC 8878 §3.1.1: a frame is a magic number, a header, blocks, and a checksum if the header says so.
const MAGIC = 0xfd2fb528;
const MAGIC_BYTES = 4;
const SINGLE_SEGMENT = 0x20;
const HAS_CHECKSUM = 0x04;
const CHECKSUM_BYTES = 4;
const DICTIONARY_BYTES = [0, 1, 2, 4] as const;
const CONTENT_SIZE_BYTES = [0, 2, 4, 8] as const;
// §3.1.1.2: 3 bytes with "last block", the type and the size. Type 1 repeats one byte.
const BLOCK_HEADER_BYTES = 3;
const REPEATED_BYTE = 1;
const MAX_BLOCK_BYTES = 131_072;
// §3.1.2: magic 184d2a50 to 184d2a5f, then the size of what is to be skipped.
const SKIPPABLE_MAGIC = 0x184d2a5;
const SKIPPABLE_HEADER_BYTES = 8;

const CUT: StreamFault = {
  kind: "truncated",
  message: "the zstd data ends early: it was cut while being written or copied",
};

/**
 * Unpacks zstd frame by frame and block by block, so that a claimed window is checked before memory
 * is taken for it, and what follows the last frame is not lost in an error.
 */
export async function* unzstd(
  compressed: ByteReader,
): AsyncGenerator<Uint8Array, StreamFault | undefined, undefined> {
  const work = new WindowWork();
  for (;;) {
    const magic = await compressed.peek(MAGIC_BYTES);
    if (magic.length === 0) return undefined;
    const value = magic.length < MAGIC_BYTES ? 0 : littleEndian(magic);
    if (value === MAGIC) {
      const fault = yield* unpackFrame(compressed, work);
      if (fault !== undefined) return fault;
    } else if (value >>> 4 === SKIPPABLE_MAGIC) {
      if (!(await skipFrame(compressed))) return CUT;
    } else {
      const message = `what follows byte ${compressed.offset} is no zstd data and was passed over`;
      return { kind: "note", message };
    }
  }
}

async function* unpackFrame(
  compressed: ByteReader,
  work: WindowWork,
): AsyncGenerator<Uint8Array, StreamFault | undefined, undefined> {
  const header = await frameHeader(compressed);
  if (header === undefined) return CUT;
  if (header.windowBytes > ZSTD_WINDOW_BYTES) {
    const message =
      `the zstd data needs a window of ${header.windowBytes} bytes, ${ZSTD_WINDOW_BYTES} are ` +
      "allowed: unpack it with `zstd -dc --long=31 FILE | …`";
    return { kind: "unsupported", message };
  }
  const engine = newZstdEngine();
  try {
    const headerFault = yield* push(engine, header.bytes);
    if (headerFault !== undefined) return headerFault;
    for (let last = false; !last;) {
      const block = await takeBlock(compressed);
      if (block === undefined) return CUT;
      if (block.bytes.length > BLOCK_HEADER_BYTES + MAX_BLOCK_BYTES) {
        return damaged(`has a block of ${block.bytes.length} bytes at byte ${compressed.offset}`);
      }
      last = block.isLast;
      const fault = yield* work.counted(push(engine, block.bytes), header.windowBytes);
      if (fault !== undefined) return fault;
    }
    const checksum = await compressed.take(header.checksumBytes);
    if (checksum === undefined) return CUT;
    return yield* push(engine, checksum, "last");
  } finally {
    engine.close();
  }
}

async function* push(
  engine: ZstdEngine,
  bytes: Uint8Array,
  place: "within" | "last" = "within",
): AsyncGenerator<Uint8Array, StreamFault | undefined, undefined> {
  const { output, error } = await engine.push(bytes, place);
  yield* output;
  return error === undefined ? undefined : damaged(`cannot be unpacked (${error.message})`);
}

/** Holds what has been unpacked against the work it took. */
class WindowWork {
  #allowedBytes = ZSTD_FREE_WORK_BYTES;

  async *counted(
    block: AsyncGenerator<Uint8Array, StreamFault | undefined, undefined>,
    windowBytes: number,
  ): AsyncGenerator<Uint8Array, StreamFault | undefined, undefined> {
    this.#allowedBytes -= windowBytes;
    if (this.#allowedBytes < 0) {
      const message =
        `the zstd data has blocks too small for its window of ${windowBytes} bytes: unpack it ` +
        "with `zstd -dc FILE | …`";
      return { kind: "unsupported", message };
    }
    for (;;) {
      const { done, value } = await block.next();
      if (done === true) return value;
      this.#allowedBytes += value.length * WORK_PER_OUTPUT_BYTE;
      yield value;
    }
  }
}

interface FrameHeader {
  readonly bytes: Uint8Array;
  readonly windowBytes: number;
  readonly checksumBytes: number;
}

async function frameHeader(compressed: ByteReader): Promise<FrameHeader | undefined> {
  const [descriptor] = (await compressed.peek(MAGIC_BYTES + 1)).subarray(MAGIC_BYTES);
  if (descriptor === undefined) return undefined;
  const isSingle = (descriptor & SINGLE_SEGMENT) !== 0;
  const windowAt = MAGIC_BYTES + 1;
  const sizeAt = windowAt + (isSingle ? 0 : 1) + (DICTIONARY_BYTES[descriptor & 3] ?? 0);
  const sizeBytes = CONTENT_SIZE_BYTES[descriptor >> 6] || (isSingle ? 1 : 0);
  const bytes = await compressed.take(sizeAt + sizeBytes);
  if (bytes === undefined) return undefined;
  const windowBytes = isSingle
    ? contentSize(bytes.subarray(sizeAt))
    : windowSize(bytes[windowAt] ?? 0);
  return {
    bytes,
    windowBytes,
    checksumBytes: (descriptor & HAS_CHECKSUM) === 0 ? 0 : CHECKSUM_BYTES,
  };
}

/** §3.1.1.1.2: exponent and mantissa. */
function windowSize(descriptor: number): number {
  const base = 2 ** (10 + (descriptor >> 3));
  return base + (base / 8) * (descriptor & 7);
}

/** A frame in a single segment has its content as its window. Two bytes count from 256 on. */
function contentSize(bytes: Uint8Array): number {
  const size = bytes.reduceRight((sum, byte) => sum * 256 + byte, 0);
  return bytes.length === 2 ? size + 256 : size;
}

async function takeBlock(
  compressed: ByteReader,
): Promise<{ readonly bytes: Uint8Array; readonly isLast: boolean } | undefined> {
  const head = await compressed.peek(BLOCK_HEADER_BYTES);
  const [low = 0, middle = 0, high = 0] = head;
  const header = low | (middle << 8) | (high << 16);
  const type = (header >> 1) & 3;
  const size = type === REPEATED_BYTE ? 1 : header >> 3;
  // A size that cannot be is not waited for: the caller refuses what it gets.
  const wanted = BLOCK_HEADER_BYTES + Math.min(size, MAX_BLOCK_BYTES + 1);
  const bytes = await compressed.take(wanted);
  return bytes === undefined ? undefined : { bytes, isLast: (header & 1) === 1 };
}

async function skipFrame(compressed: ByteReader): Promise<boolean> {
  const header = await compressed.take(SKIPPABLE_HEADER_BYTES);
  if (header === undefined) return false;
  let left = littleEndian(header.subarray(MAGIC_BYTES));
  while (left > 0) {
    const piece = await compressed.some(left);
    if (piece.length === 0) return false;
    compressed.advance(piece.length);
    left -= piece.length;
  }
  return true;
}

function littleEndian(bytes: Uint8Array): number {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length).getUint32(0, true);
}

function damaged(what: string): StreamFault {
  return { kind: "malformed", message: `the zstd data ${what}: copy the file again` };
}
