import { BLOCK_BYTES } from "./limits.js";

/**
 * The bytes between a source and a parser: read at the end, parsed at the start. It is reused from
 * block to block and grows only when a record that has begun to arrive is larger than it, so that a
 * claimed length alone never takes memory.
 */
export class BlockBuffer {
  bytes: Uint8Array;
  view: DataView;
  /** The next byte to parse. */
  start = 0;
  /** Behind the last byte read. */
  end = 0;
  /** Where `bytes[0]` is in the file. */
  #origin = 0;

  constructor(bytes = BLOCK_BYTES) {
    this.bytes = new Uint8Array(bytes);
    this.view = new DataView(this.bytes.buffer);
  }

  get available(): number {
    return this.end - this.start;
  }

  /** Where the next byte to parse is in the file. */
  get offset(): number {
    return this.#origin + this.start;
  }

  /** Makes room behind `end` for one byte at least, as a rule for nearly a block. */
  makeRoom(): void {
    if (this.start === this.end || (this.end === this.bytes.length && this.start > 0)) {
      this.bytes.copyWithin(0, this.start, this.end);
      this.#origin += this.start;
      this.end -= this.start;
      this.start = 0;
    }
    if (this.end === this.bytes.length) this.#grow();
  }

  /** Takes bytes of the chunk from `at` on, as many as there is room for, and says how many. */
  append(chunk: Uint8Array, at: number): number {
    this.makeRoom();
    const taken = Math.min(chunk.length - at, this.bytes.length - this.end);
    this.bytes.set(chunk.subarray(at, at + taken), this.end);
    this.end += taken;
    return taken;
  }

  /** Parsers refuse what is larger than MAX_BLOCK_BYTES, so doubling ends there. */
  #grow(): void {
    const grown = new Uint8Array(this.bytes.length * 2);
    grown.set(this.bytes);
    this.bytes = grown;
    this.view = new DataView(grown.buffer);
  }
}
