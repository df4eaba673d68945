/**
 * The capture files of one capture point, read one after the other. A packet is kept as its ordinal
 * over all of them, from 1; ordinals stop at 2^32 - 1.
 */
import type { PacketReference } from "./connection.js";

const LAST_ORDINAL = 0xffffffff;

export class FileSeries {
  readonly #files: string[] = [];
  /** The ordinal before each file's first packet. */
  readonly #starts: number[] = [];
  #latest = 0;

  get isEmpty(): boolean {
    return this.#files.length === 0;
  }

  start(file: string): void {
    this.#files.push(file);
    this.#starts.push(this.#latest);
  }

  /** Takes packet `number` of the latest file. */
  ordinal(number: number): number {
    const ordinal = Math.min((this.#starts[this.#starts.length - 1] ?? 0) + number, LAST_ORDINAL);
    if (ordinal > this.#latest) this.#latest = ordinal;
    return ordinal;
  }

  /** Undefined for ordinal 0, which stands for no packet. */
  reference(ordinal: number): PacketReference | undefined {
    if (ordinal === 0) return undefined;
    const at = this.#fileOf(ordinal);
    return { file: this.#files[at] ?? "", packet: ordinal - (this.#starts[at] ?? 0) };
  }

  /** The files from one packet's to another's. */
  filesBetween(firstOrdinal: number, lastOrdinal: number): readonly string[] {
    if (this.#files.length === 1) return this.#files;
    return this.#files.slice(this.#fileOf(firstOrdinal), this.#fileOf(lastOrdinal) + 1);
  }

  #fileOf(ordinal: number): number {
    let low = 0;
    let high = this.#starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#starts[middle] ?? 0) < ordinal) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}
