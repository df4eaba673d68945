import { expect, test } from "vitest";
import { seqBefore, seqDistance } from "#net/sequence.js";
import { seqNumber } from "#net/types.js";

const LAST = 0xffff_ffff;

test.each([
  { a: 1, b: 2, before: true, distance: 1 },
  { a: 2, b: 1, before: false, distance: -1 },
  { a: 7, b: 7, before: false, distance: 0 },
  // Across the wrap at 2^32.
  { a: LAST, b: 0, before: true, distance: 1 },
  { a: 0, b: LAST, before: false, distance: -1 },
  { a: LAST - 9, b: 90, before: true, distance: 100 },
  // Across the sign of a 32-bit integer.
  { a: 0x7fff_ffff, b: 0x8000_0000, before: true, distance: 1 },
  { a: 0, b: 0x7fff_ffff, before: true, distance: 0x7fff_ffff },
  { a: 0, b: 0x8000_0001, before: false, distance: -0x7fff_ffff },
])("$a to $b: before $before, $distance bytes", ({ a, b, before, distance }) => {
  expect(seqBefore(a, b)).toBe(before);
  expect(seqDistance(a, b)).toBe(distance);
});

test.each([
  [0, 0],
  [LAST, LAST],
  [-1, LAST],
  [LAST + 1, 0],
])("seqNumber(%i) is %i", (value, expected) => {
  expect(seqNumber(value)).toBe(expected);
});
