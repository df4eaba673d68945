/**
 * Numbers for tuples of words: the same tuple gets the same number, counted up from 0. IPv6 addresses
 * and tunnels are kept once here, and connections hold their numbers.
 */
import { finishHash, mixWord } from "./word-hash.js";

/** The answer of a table that is full. */
export const NOT_INTERNED = -1;

const FIRST_TUPLES = 64;

export class InternTable {
  readonly #width: number;
  readonly #limit: number;
  #words: Int32Array;
  /** 1 + the number of a tuple, open addressing; 0 is free. Twice as long as `#words` has tuples. */
  #slots: Int32Array;
  #count = 0;

  /** `width`: words of a tuple. `limit`: tuples at most. */
  constructor({ width, limit }: { width: number; limit: number }) {
    this.#width = width;
    this.#limit = limit;
    this.#words = new Int32Array(FIRST_TUPLES * width);
    this.#slots = new Int32Array(FIRST_TUPLES * 2);
  }

  get count(): number {
    return this.#count;
  }

  intern(tuple: Int32Array): number {
    const slot = this.#slotOf(tuple);
    const known = this.#slots[slot] ?? 0;
    if (known !== 0) return known - 1;
    if (this.#count >= this.#limit) return NOT_INTERNED;
    const number = this.#count++;
    this.#words.set(tuple, number * this.#width);
    this.#slots[slot] = number + 1;
    if (this.#count * this.#width === this.#words.length) this.#grow();
    return number;
  }

  /** Word `at` of tuple `number`. */
  word(number: number, at: number): number {
    return this.#words[number * this.#width + at] ?? 0;
  }

  #slotOf(tuple: Int32Array): number {
    let hash = 0;
    for (let at = 0; at < this.#width; at++) hash = mixWord(hash, tuple[at] ?? 0);
    let slot = finishHash(hash) & (this.#slots.length - 1);
    for (;;) {
      const known = this.#slots[slot] ?? 0;
      if (known === 0 || this.#equals(known - 1, tuple)) return slot;
      slot = (slot + 1) & (this.#slots.length - 1);
    }
  }

  #equals(number: number, tuple: Int32Array): boolean {
    for (let at = 0; at < this.#width; at++) {
      if (this.word(number, at) !== tuple[at]) return false;
    }
    return true;
  }

  #grow(): void {
    const words = new Int32Array(this.#words.length * 2);
    words.set(this.#words);
    this.#words = words;
    this.#slots = new Int32Array(this.#slots.length * 2);
    for (let number = 0; number < this.#count; number++) {
      const start = number * this.#width;
      this.#slots[this.#slotOf(words.subarray(start, start + this.#width))] = number + 1;
    }
  }
}
