/** What the first bytes of an entry are the beginning of. */
import { constants, gunzipSync } from "node:zlib";
import { ByteReader } from "#observed/capture/byte-reader.js";
import { sniffCompression } from "#observed/capture/sniff.js";

/** pcap in both byte orders (microseconds, nanoseconds, modified) and pcapng. */
const MAGICS: ReadonlySet<number> = new Set([
  0xa1b2c3d4, 0xd4c3b2a1, 0xa1b23c4d, 0x4d3cb2a1, 0xa1b2cd34, 0x34cdb2a1, 0x0a0d0d0a,
]);

export function isCaptureHead(head: Uint8Array): boolean {
  return head.length >= 4 && MAGICS.has(viewOf(head).getUint32(0));
}

const TAR_HEADER_BYTES = 512;
const CHECKSUM_OFFSET = 148;
const CHECKSUM_BYTES = 8;

/** By the header's checksum, which every tar since 1979 has (POSIX.1-2017, pax, ustar interchange format). */
export function isTarHead(head: Uint8Array): boolean {
  if (head.length < TAR_HEADER_BYTES || head[0] === 0) return false;
  const digits = String.fromCharCode(
    ...head.subarray(CHECKSUM_OFFSET, CHECKSUM_OFFSET + CHECKSUM_BYTES),
  );
  const [, octal] = /^ *([0-7]{1,7})[ \0]/.exec(digits) ?? [];
  if (octal === undefined) return false;
  const sum = head.subarray(0, TAR_HEADER_BYTES).reduce((total, byte, at) => {
    const isChecksum = at >= CHECKSUM_OFFSET && at < CHECKSUM_OFFSET + CHECKSUM_BYTES;
    return total + (isChecksum ? 0x20 : byte);
  }, 0);
  return sum === parseInt(octal, 8);
}

/** What a gzip file's first bytes unpack to; of any other the bytes as they are. */
export function unzippedHead(head: Uint8Array): Uint8Array {
  if (sniffCompression(head) !== "gzip") return head;
  try {
    // The end is missing, which this flush accepts.
    return gunzipSync(head, { finishFlush: constants.Z_SYNC_FLUSH });
  } catch {
    return head;
  }
}

/** The same of a zstd file, whose reader is loaded when it is needed. */
export async function unpackedHead(head: Uint8Array): Promise<Uint8Array> {
  if (sniffCompression(head) !== "zstd") return unzippedHead(head);
  const { unzstd } = await import("#observed/capture/unzstd.js");
  const pieces = unzstd(new ByteReader(onePiece(head)));
  const { value } = await pieces.next();
  await pieces.return(undefined);
  return value instanceof Uint8Array ? value : head;
}

async function* onePiece(bytes: Uint8Array): AsyncGenerator<Uint8Array, void> {
  yield bytes;
}

/**
 * Of an entry that nobody wants: enough to say whether it is empty or compressed. A large collection
 * has two hundred thousand of them.
 */
export function briefHead(head: Uint8Array): Uint8Array {
  return Uint8Array.from(head.subarray(0, 4));
}

/** True where only unpacking can tell what it is. */
export function isStillPacked(head: Uint8Array): boolean {
  return sniffCompression(head) !== undefined;
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
