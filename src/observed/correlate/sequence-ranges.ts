/**
 * TCP connections whose handshake was not seen, by the sequence numbers that both directions went
 * through: no NAT rewrites them, and re-cutting (GSO, GRO) leaves their ranges alone. What a capture did not see
 * of a direction it knows by the acknowledgements.
 */
import type { SequenceRange } from "#observed/flow/connection.js";
import { KNOWN } from "./handshakes.js";
import { IntervalIndex, type Interval } from "./interval-index.js";
import type { Legs } from "./legs.js";

/** Of both directions, in the order of `Connection.directions`. Their highest may be over 2^32. */
interface Ranges {
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
  readonly #legs: Legs;
  #meetings: ReadonlyMap<number, readonly number[]> | undefined;

  constructor(legs: Legs) {
    this.#legs = legs;
  }

  /** Legs that went through the same numbers in both directions; itself not. Of one without both numbers. */
  meeting(leg: number): readonly number[] {
    this.#meetings ??= meetingsOf(this.#legs);
    return this.#meetings.get(leg) ?? [];
  }
}

/** By each leg that its handshake does not name. These few are indexed, and each leg is held against them. */
function meetingsOf(legs: Legs): ReadonlyMap<number, readonly number[]> {
  const { known } = legs.handshakes;
  const unnamed = new Map<number, Ranges>();
  known.forEach((bits, leg) => {
    if (bits === KNOWN.both || bits === KNOWN.notTcp) return;
    const ranges = rangesOf(legs, leg);
    if (ranges !== undefined) unnamed.set(leg, ranges);
  });
  const meetings = new Map<number, number[]>();
  if (unnamed.size === 0) return meetings;
  // Each under either direction: the other capture may have seen it begin the other way round.
  const index = new IntervalIndex(
    [...unnamed].flatMap(([leg, { sides }]) =>
      sides.flatMap((range, side) => unwrapped(range, leg * 2 + side)),
    ),
  );
  known.forEach((bits, leg) => {
    const own = bits === KNOWN.notTcp ? undefined : rangesOf(legs, leg);
    if (own === undefined) return;
    for (const { low, high } of unwrapped(own.sides[0], leg)) {
      index.meeting({ low, high }, (value) => {
        const other = value >> 1;
        const opposite = unnamed.get(other)?.sides[(value & 1) === 0 ? 1 : 0];
        if (other === leg || opposite === undefined || !isMeeting(own.sides[1], opposite)) return;
        const found = meetings.get(other) ?? [];
        if (found.at(-1) !== leg) found.push(leg);
        meetings.set(other, found);
      });
    }
  });
  return meetings;
}

function rangesOf(legs: Legs, leg: number): Ranges | undefined {
  const [request, reply] = legs.sequences(leg).map(rangeOf);
  return request && reply ? { sides: [request, reply] } : undefined;
}

function rangeOf(sequence: SequenceRange | undefined): Range | undefined {
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
