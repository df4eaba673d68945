/** An order of `count` things by their numbers, and nothing but numbers in memory. */

/** Negative when `a` comes first, 0 when it does not matter. */
export type CompareNumbers = (a: number, b: number) => number;

/** The numbers 0 to `count` - 1 in order. Free when they are in order already. */
export function sortedNumbers(count: number, compare: CompareNumbers): Int32Array {
  const numbers = Int32Array.from({ length: count }, (_, number) => number);
  return isSorted(numbers, compare) ? numbers : mergeSort(numbers, compare);
}

function isSorted(numbers: Int32Array, compare: CompareNumbers): boolean {
  for (let at = 1; at < numbers.length; at++) {
    if (compare(numbers[at - 1] ?? 0, numbers[at] ?? 0) > 0) return false;
  }
  return true;
}

/** Bottom up and stable. The array's own sort would box every number. */
function mergeSort(numbers: Int32Array, compare: CompareNumbers): Int32Array {
  let from: Int32Array = numbers;
  let to: Int32Array = new Int32Array(numbers.length);
  for (let width = 1; width < numbers.length; width *= 2) {
    for (let start = 0; start < numbers.length; start += 2 * width) {
      mergeRuns({ from, to, start, width }, compare);
    }
    [from, to] = [to, from];
  }
  return from;
}

interface Runs {
  readonly from: Int32Array;
  readonly to: Int32Array;
  /** Where the first of two runs of `width` numbers starts. */
  readonly start: number;
  readonly width: number;
}

function mergeRuns({ from, to, start, width }: Runs, compare: CompareNumbers): void {
  const middle = Math.min(start + width, from.length);
  const end = Math.min(start + 2 * width, from.length);
  let left = start;
  let right = middle;
  for (let at = start; at < end; at++) {
    const takesLeft =
      left < middle && (right >= end || compare(from[left] ?? 0, from[right] ?? 0) <= 0);
    to[at] = (takesLeft ? from[left++] : from[right++]) ?? 0;
  }
}
