/** Holds the two readers of classic pcap against each other: ours, and pcap-parser behind its guard. */

import { describe, expect, test } from "vitest";
import { recordedCaptures } from "../../support/capture-files.js";
import { MAGIC, pcapFile } from "../../support/capture-pcap.js";
import { readFile, readStream } from "../../support/capture-read.js";

const CHUNKS = [1, 7, 100, 65_536];
const CAPTURES = recordedCaptures(".pcap");

test("there are recorded captures, and packets in them", () => {
  expect(CAPTURES.length).toBeGreaterThan(0);
  expect(CAPTURES.some(({ bytes }) => readFile(bytes).records.length > 0)).toBe(true);
});

describe.each(CAPTURES)("$path", ({ bytes }) => {
  const byBlocks = readFile(bytes);

  test.each(CHUNKS)("the same in chunks of %i bytes", async (chunkBytes) => {
    expect(await readStream(bytes, chunkBytes)).toEqual(byBlocks);
  });

  test("is not called damaged", () => {
    const kinds = byBlocks.summary.problems.map(({ kind }) => kind);
    expect(kinds.filter((kind) => kind !== "note" && kind !== "truncated")).toEqual([]);
  });
});

test.each(Object.entries(MAGIC))("a written file of %s, longer than a block", async (_, magic) => {
  const data = Uint8Array.from({ length: 1000 }, (_, index) => index);
  const records = Array.from({ length: 1500 }, (_, ticks) => ({ ticks, data }));
  const bytes = pcapFile({ magic, records });
  const byBlocks = readFile(bytes);
  expect(byBlocks.records).toHaveLength(1500);
  for (const chunkBytes of [1000, 65_536, 2 << 20]) {
    expect(await readStream(bytes, chunkBytes)).toEqual(byBlocks);
  }
});
