/** Finds the intervals that meet a given one: sorted by their lowest, each with the highest so far below it in the tree. */
export interface Interval {
  readonly low: number;
  /** Included. */
  readonly high: number;
  readonly value: number;
}

export class IntervalIndex {
  readonly #intervals: readonly Interval[];
  /** By the middle of a stretch: the highest `high` in that stretch. */
  readonly #highest: Float64Array;

  constructor(intervals: readonly Interval[]) {
    this.#intervals = intervals.toSorted((a, b) => a.low - b.low || a.high - b.high);
    this.#highest = new Float64Array(intervals.length);
    this.#fill(0, intervals.length);
  }

  /** Calls `found` with the value of each that has a number in common with `low` to `high`. */
  meeting(range: Omit<Interval, "value">, found: (value: number) => void): void {
    this.#search(range, { from: 0, to: this.#intervals.length, found });
  }

  #fill(from: number, to: number): number {
    if (from >= to) return -1;
    const middle = (from + to) >>> 1;
    const highest = Math.max(
      this.#intervals[middle]?.high ?? -1,
      this.#fill(from, middle),
      this.#fill(middle + 1, to),
    );
    this.#highest[middle] = highest;
    return highest;
  }

  #search(range: Omit<Interval, "value">, { from, to, found }: Stretch): void {
    if (from >= to) return;
    const middle = (from + to) >>> 1;
    if ((this.#highest[middle] ?? -1) < range.low) return;
    this.#search(range, { from, to: middle, found });
    const interval = this.#intervals[middle];
    if (interval === undefined || interval.low > range.high) return;
    if (interval.high >= range.low) found(interval.value);
    this.#search(range, { from: middle + 1, to, found });
  }
}

interface Stretch {
  readonly from: number;
  readonly to: number;
  readonly found: (value: number) => void;
}
