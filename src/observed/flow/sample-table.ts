import type { PacketSample } from "./packet-sample.js";

/** Packets kept of a direction. */
export const SAMPLES = 8;

const SLAB_SHIFT = 9;
const SLAB_ROWS = 1 << SLAB_SHIFT;

/** Of some rows, packed: 8 samples a row, by key. */
class SampleSlab {
  readonly keys = new Int32Array(SLAB_ROWS * SAMPLES);
  /** 0 is unknown. */
  readonly payloads = new Int32Array(SLAB_ROWS * SAMPLES);
  /** ns. */
  readonly times = new Float64Array(SLAB_ROWS * SAMPLES);
  readonly counts = new Uint8Array(SLAB_ROWS);
  /** Bit n: sample n of the row is repeated. */
  readonly repeated = new Uint8Array(SLAB_ROWS);
}

export interface NewSample {
  readonly key: number;
  /** 0 is unknown. */
  readonly payload: number;
  /** ns. */
  readonly time: number;
}

/** Rows of the `SAMPLES` lowest keys each. */
export class SampleTable {
  readonly #slabs: SampleSlab[] = [];
  #rows = 0;

  /** The number of a new row. */
  addRow(): number {
    if (this.#rows >> SLAB_SHIFT >= this.#slabs.length) this.#slabs.push(new SampleSlab());
    return this.#rows++;
  }

  /** False when the row is full of lower keys. */
  admits(row: number, key: number): boolean {
    const slab = this.#slab(row);
    const place = row & (SLAB_ROWS - 1);
    if ((slab.counts[place] ?? 0) < SAMPLES) return true;
    return key <= (slab.keys[place * SAMPLES + SAMPLES - 1] ?? 0);
  }

  /** Of a row that admits it. A key that is there already stays as it is, but for being repeated. */
  put(row: number, { key, payload, time }: NewSample): void {
    const slab = this.#slab(row);
    const place = row & (SLAB_ROWS - 1);
    const base = place * SAMPLES;
    const count = slab.counts[place] ?? 0;
    const repeated = slab.repeated[place] ?? 0;
    let at = count;
    while (at > 0 && (slab.keys[base + at - 1] ?? 0) > key) at--;
    if (at > 0 && slab.keys[base + at - 1] === key) {
      slab.repeated[place] = repeated | (1 << (at - 1));
      return;
    }
    const end = Math.min(count, SAMPLES - 1);
    slab.keys.copyWithin(base + at + 1, base + at, base + end);
    slab.payloads.copyWithin(base + at + 1, base + at, base + end);
    slab.times.copyWithin(base + at + 1, base + at, base + end);
    const below = repeated & ((1 << at) - 1);
    slab.repeated[place] = below | ((repeated - below) << 1);
    slab.keys[base + at] = key;
    slab.payloads[base + at] = payload;
    slab.times[base + at] = time;
    slab.counts[place] = end + 1;
  }

  /** By key; times since `from`. */
  read(row: number, from: number): readonly PacketSample[] {
    const slab = this.#slab(row);
    const place = row & (SLAB_ROWS - 1);
    return Array.from({ length: slab.counts[place] ?? 0 }, (_, at) => ({
      key: slab.keys[place * SAMPLES + at] ?? 0,
      payload: slab.payloads[place * SAMPLES + at] || undefined,
      sinceFirst: (slab.times[place * SAMPLES + at] ?? 0) - from,
      isRepeated: ((slab.repeated[place] ?? 0) & (1 << at)) !== 0,
    }));
  }

  #slab(row: number): SampleSlab {
    const slab = this.#slabs[row >> SLAB_SHIFT];
    if (slab === undefined) throw new RangeError(`no row ${row}`);
    return slab;
  }
}
