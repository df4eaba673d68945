/**
 * Big-endian reads by index: no DataView and no subarray per packet. The caller has checked the
 * length. `?? 0` only satisfies the compiler, and costs nothing as long as reads stay in the array.
 */

export function byteAt(bytes: Uint8Array, offset: number): number {
  return bytes[offset] ?? 0;
}

export function uint16At(bytes: Uint8Array, offset: number): number {
  return ((bytes[offset] ?? 0) << 8) | (bytes[offset + 1] ?? 0);
}

/** A 32-bit word, signed: addresses compare and hash as they are. */
export function int32At(bytes: Uint8Array, offset: number): number {
  return (
    ((bytes[offset] ?? 0) << 24) |
    ((bytes[offset + 1] ?? 0) << 16) |
    ((bytes[offset + 2] ?? 0) << 8) |
    (bytes[offset + 3] ?? 0)
  );
}

export function uint32At(bytes: Uint8Array, offset: number): number {
  return int32At(bytes, offset) >>> 0;
}
