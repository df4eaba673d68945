/**
 * The records of all connections: slabs of packed memory that never move, and a chained hash over
 * them. Memory follows the connections, never the packets.
 */
import type { ConnectionKey } from "./connection-key.js";
import {
  FLAG_RETIRED,
  FLAGS,
  HIGH_ADDRESS,
  KIND,
  LOW_ADDRESS,
  NEXT,
  PLACE,
  PORTS,
  RECORD_BYTES,
} from "./layout.js";
import { hashWords } from "./word-hash.js";

export const NONE = -1;

const SLAB_SHIFT = 12;
const SLAB_RECORDS = 1 << SLAB_SHIFT;
const FIRST_BUCKETS = 1 << 12;

/** Bytes from the start of its slab to record `index`. */
export function recordOffset(index: number): number {
  return (index & (SLAB_RECORDS - 1)) * RECORD_BYTES;
}

export class ConnectionTable {
  readonly #limit: number;
  readonly #slabs: DataView[] = [];
  #buckets = new Int32Array(FIRST_BUCKETS).fill(NONE);
  #count = 0;

  /** `limit`: connections at most; a table that is full refuses new ones. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  get count(): number {
    return this.#count;
  }

  /** The slab that holds record `index`. */
  slab(index: number): DataView {
    const view = this.#slabs[index >> SLAB_SHIFT];
    if (view === undefined) throw new RangeError(`no connection ${index}`);
    return view;
  }

  /** The latest connection with that key, or `NONE`. */
  find(key: ConnectionKey): number {
    let index = this.#buckets[key.hash & (this.#buckets.length - 1)] ?? NONE;
    while (index !== NONE) {
      const view = this.slab(index);
      const at = recordOffset(index);
      if (
        view.getInt32(at + LOW_ADDRESS, true) === key.low &&
        view.getInt32(at + HIGH_ADDRESS, true) === key.high &&
        view.getInt32(at + PORTS, true) === key.ports &&
        view.getInt32(at + PLACE, true) === key.place &&
        view.getInt32(at + KIND, true) === key.kind
      ) {
        return index;
      }
      index = view.getInt32(at + NEXT, true);
    }
    return NONE;
  }

  /** A new record, zero but for its key; `NONE` when the table is full. */
  add(key: ConnectionKey): number {
    const index = this.#count;
    if (index >= this.#limit) return NONE;
    if (index >= this.#buckets.length) this.#grow();
    if (index >> SLAB_SHIFT >= this.#slabs.length) {
      this.#slabs.push(new DataView(new ArrayBuffer(SLAB_RECORDS * RECORD_BYTES)));
    }
    this.#count++;
    const view = this.slab(index);
    const at = recordOffset(index);
    view.setInt32(at + LOW_ADDRESS, key.low, true);
    view.setInt32(at + HIGH_ADDRESS, key.high, true);
    view.setInt32(at + PORTS, key.ports, true);
    view.setInt32(at + PLACE, key.place, true);
    view.setInt32(at + KIND, key.kind, true);
    this.#link(index, key.hash);
    return index;
  }

  /** Takes a record out of the hash: its key is free for a new connection. */
  retire(index: number): void {
    const view = this.slab(index);
    const at = recordOffset(index);
    const next = view.getInt32(at + NEXT, true);
    view.setUint8(at + FLAGS, view.getUint8(at + FLAGS) | FLAG_RETIRED);
    const bucket = this.#hash(index) & (this.#buckets.length - 1);
    let before = this.#buckets[bucket] ?? NONE;
    if (before === index) {
      this.#buckets[bucket] = next;
      return;
    }
    while (before !== NONE) {
      const following = this.slab(before).getInt32(recordOffset(before) + NEXT, true);
      if (following === index) {
        this.slab(before).setInt32(recordOffset(before) + NEXT, next, true);
        return;
      }
      before = following;
    }
  }

  #link(index: number, hash: number): void {
    const bucket = hash & (this.#buckets.length - 1);
    this.slab(index).setInt32(recordOffset(index) + NEXT, this.#buckets[bucket] ?? NONE, true);
    this.#buckets[bucket] = index;
  }

  #grow(): void {
    this.#buckets = new Int32Array(this.#buckets.length * 2).fill(NONE);
    for (let index = 0; index < this.#count; index++) {
      const retired = this.slab(index).getUint8(recordOffset(index) + FLAGS) & FLAG_RETIRED;
      if (retired === 0) this.#link(index, this.#hash(index));
    }
  }

  #hash(index: number): number {
    const view = this.slab(index);
    const at = recordOffset(index);
    return hashWords(
      view.getInt32(at + LOW_ADDRESS, true),
      view.getInt32(at + HIGH_ADDRESS, true),
      view.getInt32(at + PORTS, true),
      view.getInt32(at + PLACE, true),
      view.getInt32(at + KIND, true),
    );
  }
}
