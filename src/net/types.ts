/** Values that must not be mixed, and the constructors that make them. */

declare const brand: unique symbol;

/** A `Base` that only its own constructor makes, so that two kinds of number cannot be swapped. */
export type Branded<Base, Name extends string> = Base & { readonly [brand]: Name };

/**
 * Nanoseconds since the first record of the first file of a capture point, exact up to 2^53 ns
 * (104 days). A double counted from 1970 would step by 256 ns at today's dates, and a bigint per
 * packet costs a fifth of the run: a capture point keeps one bigint base, its packets keep doubles.
 */
export type CaptureNs = Branded<number, "CaptureNs">;

/** Nanoseconds since 1970-01-01T00:00:00Z, as a bigint because a double is not exact there. */
export type EpochNs = Branded<bigint, "EpochNs">;

/** A TCP sequence number, 0 to 2^32 - 1. Compare with `seqBefore`: plain `<` is wrong at the wrap. */
export type SeqNumber = Branded<number, "SeqNumber">;

export const captureNs = (value: number): CaptureNs => value as CaptureNs;
export const epochNs = (value: bigint): EpochNs => value as EpochNs;
export const seqNumber = (value: number): SeqNumber => (value >>> 0) as SeqNumber;

/** Two values of a connection, the originator's first, the responder's second. */
export type Pair<Value> = readonly [originator: Value, responder: Value];
