import { ByteWriter } from "./capture-bytes.js";
import { pcapFile } from "./capture-pcap.js";

/** What `ZSTD_EXAMPLE` unpacks to. */
export const ZSTD_EXAMPLE_CONTENT: Uint8Array = pcapFile({
  records: Array.from({ length: 40 }, (_, index) => ({
    ticks: index,
    data: Uint8Array.from({ length: 60 }, (_, byte) => (index * byte) & 7),
  })),
});

/** Packed by zstd 1.5.4 with -19: compressed literals and sequences, and a checksum. */
export const ZSTD_EXAMPLE: Uint8Array = Buffer.from(
  [
    "KLUv/WT4Cn0FABLGFh6QrxyfLzFZ91U/7+6grg8eeOCBBx544BEkpUwyyRQfT4ez0WQwF0uFMpFEIA9Hg7FQJBAHQ4Ew",
    "EAQAZfthpo9oWE/f/ed8oRneTrybq0BtGxpV1Lb6viaVTKc5qGB0UM52oDfLGhGQhEZIBJLw/z8q8AMExzGMxxge4ziG",
    "cTjGYwzHcBzHOIzhEcQxG1VZb6z0nsaXsFuefN3lzsKg4za4rJa3BzCky5BcIQOqPqpk",
  ].join(""),
  "base64",
);

/** A zstd frame of blocks that are stored as they are, which needs no compressor (RFC 8878 §3.1.1). */
export function zstdFrame(
  content: Uint8Array,
  { blockBytes = 1000, windowDescriptor = 0x38 } = {},
): Uint8Array {
  const out = new ByteWriter({ littleEndian: true }).u32(0xfd2fb528).u8(0, windowDescriptor);
  for (let at = 0; at < content.length; at += blockBytes) {
    const block = content.subarray(at, at + blockBytes);
    const isLast = at + blockBytes >= content.length;
    const header = (block.length << 3) | (isLast ? 1 : 0);
    out
      .u16(header & 0xffff)
      .u8(header >> 16)
      .raw(block);
  }
  return out.done();
}

/** A frame for others' use, which a decoder skips (§3.1.2). */
export function zstdSkippable(data: Uint8Array): Uint8Array {
  return new ByteWriter({ littleEndian: true }).u32(0x184d2a53, data.length).raw(data).done();
}
