/** Readers of capture files against damaged ones: never an exception, never a byte outside, one story. */

import * as fc from "fast-check";
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { MAX_BLOCK_BYTES } from "#observed/capture/limits.js";
import { readAny } from "#observed/capture/read-any.js";
import { concat } from "../support/capture-bytes.js";
import { recordedCaptures } from "../support/capture-files.js";
import { MAGIC, pcapFile } from "../support/capture-pcap.js";
import { PcapngSection } from "../support/capture-pcapng.js";
import { blockSource, chunksOf, readFile, readStream } from "../support/capture-read.js";
import { ZSTD_EXAMPLE, zstdFrame } from "../support/capture-zstd.js";

const IS_LONG = process.env["PCAPCHECK_FUZZ"] === "long";
const RUNS = IS_LONG ? 20_000 : 400;
const TIMEOUT = { timeout: IS_LONG ? 600_000 : 60_000 };

/** Each kind of problem is said once: far fewer than records. */
const MAX_PROBLEMS = 8;

const RECORDS = Array.from({ length: 12 }, (_, index) => ({
  ticks: index * 1000,
  data: Uint8Array.from({ length: 40 + index }, (_, byte) => byte * index),
}));

const CLASSIC: readonly Uint8Array[] = [
  ...Object.values(MAGIC).flatMap((magic) => [
    pcapFile({ magic, records: RECORDS }),
    pcapFile({ magic, records: RECORDS, littleEndian: false, snaplen: 0xffffffff }),
  ]),
  pcapFile({ version: [2, 3], records: RECORDS }),
  ...recordedCaptures(".pcap").map(({ bytes }) => bytes),
];

const PCAPNG: readonly Uint8Array[] = [
  pcapngExample({ littleEndian: true }),
  pcapngExample({ littleEndian: false }),
  concat(pcapngExample({ littleEndian: true }), pcapngExample({ littleEndian: false })),
  ...recordedCaptures(".pcapng").map(({ bytes }) => bytes),
];

const PACKED: readonly Uint8Array[] = [
  ...[CLASSIC[0], PCAPNG[0]].flatMap((bytes = new Uint8Array(0)) => [
    gzipSync(bytes),
    concat(gzipSync(bytes.subarray(0, 300)), gzipSync(bytes.subarray(300))),
    zstdFrame(bytes, { blockBytes: 100 }),
  ]),
  ZSTD_EXAMPLE,
];

function pcapngExample(order: { readonly littleEndian: boolean }): Uint8Array {
  const section = new PcapngSection(order);
  section.interface({ options: [[9, [9]]] }).interface({ options: [[9, [0x94]]], snaplen: 0 });
  for (const { ticks, data } of RECORDS) {
    const flags = section.value(32, BigInt(ticks % 3));
    const interfaceId = ticks % 2000 === 0 ? 1 : 0;
    section.enhancedPacket({ interfaceId, time: BigInt(ticks), data, options: [[2, flags]] });
    section.simplePacket({ data }).block(4, (out) => out.u32(1, 2));
  }
  return section.statistics({ options: [[5, section.value(64, 3n)]] }).done();
}

/** Positions are parts of the file's length, so that a shrunk case stays where it was. */
interface Edit {
  readonly kind: "flip" | "word" | "cut" | "insert" | "remove" | "repeat";
  readonly at: number;
  readonly value: number;
}

const interesting = fc.constantFrom(0, 1, 0xff, 0x7fffffff, 0x80000000, 0xffffffff, 262_144);
const position = fc.oneof(fc.double({ min: 0, max: 1, noNaN: true }), fc.nat(64));
const edit: fc.Arbitrary<Edit> = fc.record({
  kind: fc.constantFrom("flip", "word", "cut", "insert", "remove", "repeat"),
  at: position,
  value: fc.oneof(interesting, fc.nat(0xffffffff)),
});

function apply(bytes: Uint8Array, { kind, at, value }: Edit): Uint8Array {
  const place = at <= 1 ? Math.floor(at * bytes.length) : Math.min(at, bytes.length);
  const [before, after] = [bytes.subarray(0, place), bytes.subarray(place)];
  const word = Uint8Array.of(value, value >>> 8, value >>> 16, value >>> 24);
  switch (kind) {
    case "flip":
      return concat(before, Uint8Array.of((after[0] ?? 0) ^ (1 << (value % 8))), after.subarray(1));
    case "word":
      return concat(before, word, after.subarray(4));
    case "cut":
      return before;
    case "insert":
      return concat(before, word.subarray(0, 1 + (value % 4)), after);
    case "remove":
      return concat(before, after.subarray(value % 100));
    case "repeat":
      return concat(bytes, bytes.subarray(place));
  }
}

const damaged = (corpus: readonly Uint8Array[]): fc.Arbitrary<Uint8Array> =>
  fc
    .tuple(fc.constantFrom(...corpus), fc.array(edit, { minLength: 1, maxLength: 4 }))
    .map(([bytes, edits]) => edits.reduce(apply, bytes));

const chunkBytes = fc.constantFrom(1, 7, 100, 65_536);
const OPTIONS = { numRuns: RUNS };

test("classic: both readers deliver the same records and say the same", TIMEOUT, async () => {
  await fc.assert(
    fc.asyncProperty(damaged(CLASSIC), chunkBytes, async (bytes, size) => {
      const byBlocks = readFile(bytes);
      expect((await readStream(bytes, size)).records).toEqual(byBlocks.records);
      // What a stream says of bytes it never saw depends on its chunks.
      expect(await readStream(bytes, bytes.length + 1)).toEqual(byBlocks);
      expect(byBlocks.summary.problems.length).toBeLessThan(MAX_PROBLEMS);
    }),
    OPTIONS,
  );
});

test("pcapng: chunks make no difference", TIMEOUT, async () => {
  await fc.assert(
    fc.asyncProperty(damaged(PCAPNG), chunkBytes, async (bytes, size) => {
      const byBlocks = readFile(bytes);
      expect((await readStream(bytes, size)).records).toEqual(byBlocks.records);
      expect(byBlocks.summary.problems.length).toBeLessThan(MAX_PROBLEMS);
    }),
    OPTIONS,
  );
});

describe("anything", () => {
  const anything = fc.oneof(
    damaged(PACKED),
    damaged([...CLASSIC, ...PCAPNG]),
    fc.uint8Array({ maxLength: 300 }),
    fc
      .tuple(fc.constantFrom(...CLASSIC, ...PCAPNG, ...PACKED), fc.uint8Array({ maxLength: 300 }))
      .map(([bytes, noise]) => concat(bytes.subarray(0, 28), noise)),
  );

  test("is read or refused, with every record inside its block", TIMEOUT, async () => {
    await fc.assert(
      fc.asyncProperty(anything, chunkBytes, async (bytes, size) => {
        for (const source of [blockSource(bytes), { name: "-", chunks: chunksOf(bytes, size) }]) {
          let records = 0;
          const summary = await readAny(source, (record) => {
            expect(record.number).toBe(++records);
            expect(Number.isInteger(record.time)).toBe(true);
            expect(record.offset).toBeGreaterThanOrEqual(0);
            expect(record.offset + record.capturedLength).toBeLessThanOrEqual(record.bytes.length);
            expect(record.bytes.length).toBeLessThanOrEqual(2 * MAX_BLOCK_BYTES);
          });
          expect(summary.records).toBe(records);
          expect(summary.problems.length).toBeLessThan(MAX_PROBLEMS);
          for (const { message } of summary.problems) expect(message).not.toMatch(/undefined|NaN/);
        }
      }),
      OPTIONS,
    );
  });
});
