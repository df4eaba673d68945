import { expect, test } from "vitest";
import { epochNs } from "#net/types.js";
import { describeDuration, describeTime } from "#report/describe-time.js";

// prettier-ignore
const TIMES = [
  { name: "nanoseconds, exactly", ns: 1_795_252_211_123_456_789n, text: "2026-11-21T09:10:11.123456789Z" },
  { name: "a whole second", ns: 0n, text: "1970-01-01T00:00:00.000000000Z" },
  { name: "before 1970", ns: -1n, text: "1969-12-31T23:59:59.999999999Z" },
  { name: "the last of four-digit years", ns: 253_402_300_799_999_999_999n, text: "9999-12-31T23:59:59.999999999Z" },
  { name: "a year with five digits", ns: 253_402_300_800_000_000_000n, text: undefined },
  { name: "what 64 bits of seconds can claim", ns: (2n ** 64n) * 1_000_000_000n, text: undefined },
];
test.each(TIMES)("$name", ({ ns, text }) => {
  expect(describeTime(epochNs(ns))).toBe(text);
});

// prettier-ignore
const DURATIONS = [
  { name: "microseconds", first: 0n, last: 2_104_233_000n, text: "2.104233s" },
  { name: "nanoseconds where there are any", first: 0n, last: 1_000n + 1n, text: "0.000001001s" },
  { name: "one packet", first: 5n, last: 5n, text: "0.000000s" },
  { name: "a clock that was set back", first: 1_000n, last: 0n, text: "-0.000001s" },
];
test.each(DURATIONS)("$name", ({ first, last, text }) => {
  expect(describeDuration({ first: epochNs(first), last: epochNs(last) })).toBe(text);
});
