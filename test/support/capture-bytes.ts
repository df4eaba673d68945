/** Writes bytes in either order: what the builders of capture files are made of. */
export class ByteWriter {
  readonly littleEndian: boolean;
  readonly #bytes: number[] = [];

  constructor({ littleEndian }: { readonly littleEndian: boolean }) {
    this.littleEndian = littleEndian;
  }

  get length(): number {
    return this.#bytes.length;
  }

  u8(...values: readonly number[]): this {
    this.#bytes.push(...values);
    return this;
  }

  u16(...values: readonly number[]): this {
    for (const value of values) this.#ordered([value >>> 8, value]);
    return this;
  }

  u32(...values: readonly number[]): this {
    for (const value of values) this.#ordered([value >>> 24, value >>> 16, value >>> 8, value]);
    return this;
  }

  u64(value: bigint): this {
    const unsigned = BigInt.asUintN(64, value);
    const high = Number(unsigned >> 32n);
    const low = Number(unsigned & 0xffffffffn);
    return this.littleEndian ? this.u32(low, high) : this.u32(high, low);
  }

  raw(bytes: Iterable<number>): this {
    for (const byte of bytes) this.#bytes.push(byte);
    return this;
  }

  /** Zeros up to a multiple of 32 bits. */
  pad(): this {
    while (this.#bytes.length % 4 !== 0) this.#bytes.push(0);
    return this;
  }

  done(): Uint8Array {
    return Uint8Array.from(this.#bytes);
  }

  #ordered(bigEndian: readonly number[]): void {
    for (const byte of this.littleEndian ? bigEndian.toReversed() : bigEndian) {
      this.#bytes.push(byte & 0xff);
    }
  }
}

export function concat(...parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

export const ascii = (text: string): Uint8Array => new TextEncoder().encode(text);
