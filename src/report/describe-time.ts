import type { EpochNs } from "#net/types.js";

const NS_PER_SECOND = 1_000_000_000n;
const NS_PER_SECOND_NUMBER = Number(NS_PER_SECOND);
/** 0000-01-01T00:00:00Z and 10000-01-01T00:00:00Z: RFC 3339 §5.6 writes years with four digits. */
const FIRST_SECOND = -62_167_219_200n;
const END_SECOND = 253_402_300_800n;

/** The second told last: a million connections are of a few thousand seconds. */
let latestSecond: { readonly start: bigint; readonly text: string | undefined } = {
  start: 0n,
  text: "1970-01-01T00:00:00",
};

/**
 * `2026-11-21T09:10:11.123456789Z` (RFC 3339), always UTC and nine digits. Undefined outside the
 * years 0 to 9999, which only a damaged file claims.
 */
export function describeTime(time: EpochNs): string | undefined {
  let nanoseconds = Number(time - latestSecond.start);
  if (nanoseconds < 0 || nanoseconds >= NS_PER_SECOND_NUMBER) {
    const whole = split(time);
    ({ nanoseconds } = whole);
    latestSecond = {
      start: whole.seconds * NS_PER_SECOND,
      text: describeSecond(whole.seconds),
    };
  }
  const { text } = latestSecond;
  return text === undefined ? undefined : `${text}.${digits(nanoseconds, 9)}Z`;
}

function describeSecond(seconds: bigint): string | undefined {
  if (seconds < FIRST_SECOND || seconds >= END_SECOND) return undefined;
  return new Date(Number(seconds) * 1000).toISOString().slice(0, "2026-11-21T09:10:11".length);
}

/** `2.104233s`: microseconds, and nanoseconds where the capture has them. */
export function describeDuration({ first, last }: { first: EpochNs; last: EpochNs }): string {
  const elapsed = last < first ? first - last : last - first;
  const { seconds, nanoseconds } = split(elapsed);
  const fraction =
    nanoseconds % 1000 === 0 ? digits(nanoseconds / 1000, 6) : digits(nanoseconds, 9);
  return `${last < first ? "-" : ""}${seconds}.${fraction}s`;
}

/** `seconds` rounded down, before 1970 as well. */
function split(time: bigint): { seconds: bigint; nanoseconds: number } {
  const rest = time % NS_PER_SECOND;
  const seconds = (time - rest) / NS_PER_SECOND;
  if (rest >= 0n) return { seconds, nanoseconds: Number(rest) };
  return { seconds: seconds - 1n, nanoseconds: Number(rest + NS_PER_SECOND) };
}

function digits(value: number, count: number): string {
  return String(value).padStart(count, "0");
}
