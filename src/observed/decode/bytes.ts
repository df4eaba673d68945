/**
 * Big-endian reads by index: no DataView and no subarray per packet. The caller has checked the
 * length, so what is read is a number: a default for the compiler's sake would make these too long
 * for V8 to inline everywhere, which costs a tenth of the run.
 */

export function byteAt(bytes: Uint8Array, offset: number): number {
  return bytes[offset] as number;
}

export function uint16At(bytes: Uint8Array, offset: number): number {
  return ((bytes[offset] as number) << 8) | (bytes[offset + 1] as number);
}

/** A 32-bit word, signed: addresses compare and hash as they are. */
export function int32At(bytes: Uint8Array, offset: number): number {
  return (
    ((bytes[offset] as number) << 24) |
    ((bytes[offset + 1] as number) << 16) |
    ((bytes[offset + 2] as number) << 8) |
    (bytes[offset + 3] as number)
  );
}

export function uint32At(bytes: Uint8Array, offset: number): number {
  return int32At(bytes, offset) >>> 0;
}
