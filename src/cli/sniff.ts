/** Whether a file of a directory is a capture, told by its first bytes. */
import { closeSync, openSync, readSync } from "node:fs";
import { constants, gunzipSync } from "node:zlib";

const HEAD_BYTES = 4096;
const GZIP = 0x1f8b;
const ZSTD = 0x28b52ffd;

/** pcap in both byte orders (microseconds, nanoseconds, modified) and pcapng. */
const MAGICS: ReadonlySet<number> = new Set([
  0xa1b2c3d4, 0xd4c3b2a1, 0xa1b23c4d, 0x4d3cb2a1, 0xa1b2cd34, 0x34cdb2a1, 0x0a0d0d0a,
]);

export function looksLikeCapture(path: string): boolean {
  let head: Buffer;
  try {
    head = readHead(path);
  } catch {
    // It is taken, so that reading it says what is wrong.
    return true;
  }
  if (head.length < 4) return false;
  // What is in a zstd file only unpacking tells; few other things are kept in one beside captures.
  if (head.readUInt32BE(0) === ZSTD) return true;
  const content = head.readUInt16BE(0) === GZIP ? unzipHead(head) : head;
  return content.length >= 4 && MAGICS.has(content.readUInt32BE(0));
}

function readHead(path: string): Buffer {
  const file = openSync(path, "r");
  try {
    const head = Buffer.alloc(HEAD_BYTES);
    return head.subarray(0, readSync(file, head, 0, HEAD_BYTES, 0));
  } finally {
    closeSync(file);
  }
}

function unzipHead(head: Buffer): Buffer {
  try {
    // The end is missing, which this flush accepts.
    return gunzipSync(head, { finishFlush: constants.Z_SYNC_FLUSH });
  } catch {
    return Buffer.alloc(0);
  }
}
