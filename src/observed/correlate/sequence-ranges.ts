/**
 * TCP connections whose handshake was not seen, by the sequence numbers that both directions went
 * through: no NAT rewrites them, and re-cutting (GSO, GRO) leaves their ranges alone. What a capture did not see
 * of a direction it knows by the acknowledgements.
 */
import type { Connection, DirectionFacts } from "#observed/flow/connection.js";
import { IntervalIndex, type Interval } from "./interval-index.js";

/** Of both directions, in the order of `Connection.directions`. Their highest may be over 2^32. */
interface Ranges {
  readonly leg: number;
  readonly sides: readonly [Range, Range];
}

interface Range {
  readonly low: number;
  readonly high: number;
}

const MODULUS = 2 ** 32;

/** Beyond it a range says little: half of all numbers. */
const MAX_LENGTH = 2 ** 31;

export class SequenceRanges {
  readonly #ranges: readonly (Ranges | undefined)[];
  readonly #index: IntervalIndex;

  constructor(connections: readonly Connection[]) {
    this.#ranges = connections.map(rangesOf);
    // Each leg under either direction: the other capture may have seen it begin the other way round.
    this.#index = new IntervalIndex(
      this.#ranges.flatMap((ranges) =>
        ranges === undefined
          ? []
          : ranges.sides.flatMap((range, side) => unwrapped(range, ranges.leg * 2 + side)),
      ),
    );
  }

  /** True when it shows ranges of both directions. */
  isKnown(leg: number): boolean {
    return this.#ranges[leg] !== undefined;
  }

  /** Legs that went through the same numbers in both directions; itself not. */
  meeting(leg: number): readonly number[] {
    const own = this.#ranges[leg];
    if (own === undefined) return [];
    const found = new Set<number>();
    for (const { low, high } of unwrapped(own.sides[0], leg)) {
      this.#index.meeting({ low, high }, (value) => {
        const other = this.#ranges[value >> 1];
        if (other === undefined || other.leg === leg) return;
        const opposite = other.sides[(value & 1) === 0 ? 1 : 0];
        if (isMeeting(own.sides[1], opposite)) found.add(other.leg);
      });
    }
    return [...found].sort((a, b) => a - b);
  }
}

function rangesOf({ protocol, directions }: Connection, leg: number): Ranges | undefined {
  if (protocol !== "tcp") return undefined;
  const [request, reply] = directions.map(rangeOf);
  return request && reply ? { leg, sides: [request, reply] } : undefined;
}

function rangeOf({ sequence }: DirectionFacts): Range | undefined {
  if (sequence === undefined) return undefined;
  const { start, end, acknowledged } = sequence;
  const low = start ?? acknowledged;
  if (low === undefined) return undefined;
  const lengths = [end, acknowledged].flatMap((high) =>
    high === undefined ? [] : (high - low) >>> 0,
  );
  // An acknowledgement may be of before the first segment seen.
  const length = Math.max(0, ...lengths.filter((one) => one < MAX_LENGTH));
  return lengths[0] !== undefined && lengths[0] >= MAX_LENGTH
    ? undefined
    : { low, high: low + length };
}

function isMeeting(a: Range, b: Range): boolean {
  // One's lowest is inside the other, modulo 2^32.
  return (b.low - a.low) >>> 0 <= a.high - a.low || (a.low - b.low) >>> 0 <= b.high - b.low;
}

/** Cut in two where it passes 2^32. */
function unwrapped({ low, high }: Range, value: number): readonly Interval[] {
  if (high < MODULUS) return [{ low, high, value }];
  return [
    { low, high: MODULUS - 1, value },
    { low: 0, high: high - MODULUS, value },
  ];
}
