/**
 * What two captures' clocks differ by, from the pairs that may be one packet: the right ones agree, the wrong
 * ones scatter. So no clock need be right, and traffic at regular intervals, of which a wrong
 * shift fits nearly as many, shows nothing.
 */
export interface OffsetWindow {
  /** ns, included. */
  readonly low: number;
  readonly high: number;
}

/** What queues, interrupts and drift over a short capture may add, ns. */
const WIDTH_NS = 4_000_000;

/** Fewer agree by chance. */
const ENOUGH = 3;

/** Undefined where no offset is twice as frequent as every other. */
export function commonOffset(offsetsNs: readonly number[]): OffsetWindow | undefined {
  const sorted = Float64Array.from(offsetsNs).sort();
  const best = densest(sorted, undefined);
  if (best === undefined || best.count < ENOUGH) return undefined;
  const next = densest(sorted, best);
  return next === undefined || best.count >= 2 * next.count ? best : undefined;
}

export const isWithin = ({ low, high }: OffsetWindow, offsetNs: number): boolean =>
  offsetNs >= low && offsetNs <= high;

/** The stretch of that width with the most offsets, of those that have none in common with `other`. */
function densest(
  sorted: Float64Array,
  other: OffsetWindow | undefined,
): (OffsetWindow & { readonly count: number }) | undefined {
  let best: (OffsetWindow & { readonly count: number }) | undefined;
  let from = 0;
  for (let to = 0; to < sorted.length; to++) {
    const high = sorted[to] ?? 0;
    while (high - (sorted[from] ?? 0) > WIDTH_NS) from++;
    const low = sorted[from] ?? 0;
    const isApart = other === undefined || low > other.high || high < other.low;
    const count = to - from + 1;
    if (isApart && count > (best?.count ?? 0)) best = { low, high, count };
  }
  return best;
}
