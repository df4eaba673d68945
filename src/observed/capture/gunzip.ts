import * as zlib from "node:zlib";
import type { ByteReader } from "./byte-reader.js";
import type { StreamFault } from "./capture-reader.js";
import { ZlibSteps } from "./zlib-steps.js";

// RFC 1952 §2.3: the header of a member.
const ID1 = 0x1f;
const ID2 = 0x8b;
const DEFLATE = 8;
const HEADER_BYTES = 10;
const FLAG_HEADER_CRC = 2;
const FLAG_EXTRA = 4;
const FLAG_NAME = 8;
const FLAG_COMMENT = 16;
const TRAILER_BYTES = 8;

/**
 * Input given to zlib at once. Deflate packs 1032 to 1 at most, so a step holds 17 MiB of output
 * where the file is made for it, and the usual 100 KB where not.
 */
const STEP_BYTES = 16_384;

/** How often a header's zero-terminated text may go on, in bytes. */
const MAX_TEXT_BYTES = 65_536;

const CUT: StreamFault = {
  kind: "truncated",
  message: "the gzip data ends early: it was cut while being written or copied",
};

/**
 * Unpacks gzip member by member. `zlib.createGunzip` knows several members too, but takes what
 * follows the last one for another, and then fails without the output it had ready.
 */
export async function* gunzip(
  compressed: ByteReader,
): AsyncGenerator<Uint8Array, StreamFault | undefined, undefined> {
  for (let members = 0; ; members++) {
    const magic = await compressed.peek(2);
    if (members > 0 && (magic[0] !== ID1 || magic[1] !== ID2)) return afterLast(compressed);
    const headerFault = await skipHeader(compressed);
    if (headerFault !== undefined) return headerFault;
    const bodyFault = yield* inflateMember(compressed);
    if (bodyFault !== undefined) return bodyFault;
  }
}

async function* inflateMember(
  compressed: ByteReader,
): AsyncGenerator<Uint8Array, StreamFault | undefined, undefined> {
  const steps = new ZlibSteps(zlib.createInflateRaw({ chunkSize: 65_536 }));
  const start = compressed.offset;
  let checksum = 0;
  try {
    for (;;) {
      const input = await compressed.some(STEP_BYTES);
      if (input.length === 0) return CUT;
      const { output, usedBytes, ended, error } = await steps.step(input);
      for (const piece of output) {
        checksum = crc32(piece, checksum);
        yield piece;
      }
      if (error !== undefined) {
        return damaged(`cannot be unpacked from byte ${start} on (${error.message})`);
      }
      compressed.advance(usedBytes);
      if (ended) break;
    }
  } finally {
    steps.close();
  }
  const trailer = await compressed.take(TRAILER_BYTES);
  if (trailer === undefined) return CUT;
  const stored = new DataView(trailer.buffer, trailer.byteOffset).getUint32(0, true);
  if (stored === checksum || !hasCrc32) return undefined;
  return damaged(`has checksum 0x${checksum.toString(16)}, says 0x${stored.toString(16)}`);
}

async function skipHeader(compressed: ByteReader): Promise<StreamFault | undefined> {
  const header = await compressed.take(HEADER_BYTES);
  if (header === undefined) return CUT;
  const [, , method, flags = 0] = header;
  if (method !== DEFLATE) return damaged(`uses compression method ${method}, must be ${DEFLATE}`);
  if ((flags & FLAG_EXTRA) !== 0) {
    const length = await compressed.take(2);
    const [low = 0, high = 0] = length ?? [];
    if (length === undefined || (await compressed.take(low + high * 256)) === undefined) return CUT;
  }
  for (const flag of [FLAG_NAME, FLAG_COMMENT]) {
    if ((flags & flag) !== 0 && !(await skipText(compressed))) return CUT;
  }
  const crcBytes = (flags & FLAG_HEADER_CRC) === 0 ? 0 : 2;
  return (await compressed.take(crcBytes)) === undefined ? CUT : undefined;
}

/** Skips text to its NUL; false when it does not end. */
async function skipText(compressed: ByteReader): Promise<boolean> {
  for (let skipped = 0; skipped < MAX_TEXT_BYTES; skipped++) {
    const next = await compressed.take(1);
    if (next === undefined) return false;
    if (next[0] === 0) return true;
  }
  return false;
}

/** What stands behind the last member. Tapes and block devices pad with zeros, as gzip knows. */
async function afterLast(compressed: ByteReader): Promise<StreamFault | undefined> {
  const next = await compressed.some(STEP_BYTES);
  if (next.every((byte) => byte === 0)) return undefined;
  const message = `what follows byte ${compressed.offset} is no gzip data and was passed over`;
  return { kind: "note", message };
}

function damaged(what: string): StreamFault {
  return { kind: "malformed", message: `the gzip data ${what}: copy the file again` };
}

/** Node has it from 20.15 on; before, gzip data is read without holding it against its checksum. */
const hasCrc32 = typeof zlib.crc32 === "function";

function crc32(piece: Uint8Array, before: number): number {
  return hasCrc32 ? zlib.crc32(piece, before) : 0;
}
