import { describe, expect, test } from "vitest";
import { DIRECTION } from "#observed/capture/record.js";
import { MAGIC, pcapFile, SECONDS } from "../../support/capture-pcap.js";
import { readFile, readStream } from "../../support/capture-read.js";

const DATA = [1, 2, 3, 4, 5];
const NS_PER_SECOND = 1_000_000_000n;

const variants = Object.entries(MAGIC).flatMap(([name, magic]) =>
  [true, false].map((littleEndian) => ({ name, magic, littleEndian })),
);

describe.each(variants)("$name, little-endian $littleEndian", ({ magic, littleEndian }) => {
  const nsPerTick = magic === MAGIC.nanoseconds ? 1 : 1000;
  const file = pcapFile({
    magic,
    littleEndian,
    snaplen: 96,
    linktype: 276,
    records: [
      { ticks: 999_999, data: DATA, originalLength: 1500 },
      { seconds: SECONDS + 1, ticks: 1, data: [] },
      { seconds: SECONDS + 1, ticks: 1, data: DATA },
    ],
  });

  test("times, lengths and bytes of each record", () => {
    const { records, summary } = readFile(file);
    const second = 1_000_000_000 + (1 - 999_999) * nsPerTick;
    expect(records.map(({ number, time }) => [number, time])).toEqual([
      [1, 0],
      [2, second],
      [3, second],
    ]);
    expect(records.map(({ capturedLength }) => capturedLength)).toEqual([5, 0, 5]);
    expect(records.map(({ originalLength }) => originalLength)).toEqual([1500, 0, 5]);
    expect(records.map(({ data }) => data)).toEqual(["0102030405", "", "0102030405"]);
    expect(
      records.every(({ linktype, interfaceId }) => linktype === 276 && interfaceId === 0),
    ).toBe(true);
    expect(summary).toEqual({
      file: "file.pcap",
      format: "pcap",
      compression: undefined,
      records: 3,
      truncated: false,
      baseTime: BigInt(SECONDS) * NS_PER_SECOND + BigInt(999_999 * nsPerTick),
      firstTime: BigInt(SECONDS) * NS_PER_SECOND + BigInt(999_999 * nsPerTick),
      lastTime: BigInt(SECONDS + 1) * NS_PER_SECOND + BigInt(nsPerTick),
      interfaces: [
        { linktype: 276, snaplen: 96, name: undefined, description: undefined, dropped: undefined },
      ],
      farthestBackNs: 0,
      snappedRecords: 1,
      problems: [],
    });
  });

  test.each([1, 7, 4096])("the same as a stream of %i-byte chunks", async (chunkBytes) => {
    expect(await readStream(file, chunkBytes)).toEqual(readFile(file));
  });
});

test("the modified variant's packet type is the direction", () => {
  const records = [0, 1, 2, 3, 4, 9].map((packetType) => ({ packetType, data: DATA }));
  const read = readFile(pcapFile({ magic: MAGIC.modified, records }));
  const { in: inward, out, unknown } = DIRECTION;
  const directions = read.records.map(({ direction }) => direction);
  expect(directions).toEqual([inward, inward, inward, unknown, out, unknown]);
});

test("FCS length and reserved bits above the link type are not part of it", () => {
  const { records, summary } = readFile(pcapFile({ linktype: 0xf4000071, records: [{}] }));
  expect(records[0]?.linktype).toBe(113);
  expect(summary.interfaces[0]?.linktype).toBe(113);
});

test("version 2.3 may have its lengths the other way round", async () => {
  const file = pcapFile({
    version: [2, 3],
    records: [{ data: DATA, capturedLength: 60, originalLength: 5 }, { data: DATA }],
  });
  const { records, summary } = readFile(file);
  expect(records.map((record) => [record.capturedLength, record.originalLength])).toEqual([
    [5, 60],
    [5, 5],
  ]);
  expect(summary.problems).toEqual([]);
  expect(await readStream(file, 7)).toEqual({ records, summary });
});

// prettier-ignore
test.each([
  { version: [2, 2] },
  { version: [2, 5] },
  { version: [543, 0] },
] as const)("version $version is unsupported", async ({ version }) => {
  const file = pcapFile({ version, records: [{ data: DATA }] });
  const { records, summary } = readFile(file);
  const text = version.join(".");
  expect(records).toEqual([]);
  expect(summary.format).toBe("pcap");
  expect(summary.problems).toEqual([
    {
      kind: "unsupported",
      offset: 4,
      message: `pcap version ${text} is not read, only 2.4 and 2.3: try \`editcap -F pcap\` to rewrite the file`,
    },
  ]);
  expect(await readStream(file, 7)).toEqual({ records, summary });
});

test("nanoseconds stay exact over 100 days", () => {
  const seconds = SECONDS + 100 * 86_400;
  const records = [{ ticks: 1 }, { seconds, ticks: 999_999_999 }];
  const read = readFile(pcapFile({ magic: MAGIC.nanoseconds, records }));
  expect(read.records[1]?.time).toBe(8_640_000_999_999_998);
  expect(read.summary.lastTime).toBe(BigInt(seconds) * NS_PER_SECOND + 999_999_999n);
});

test("records out of order: first and last time are the earliest and the latest, and it is said", () => {
  const records = [{ ticks: 500 }, { ticks: 300 }, { ticks: 700 }, { ticks: 100 }, { ticks: 600 }];
  const { records: read, summary } = readFile(pcapFile({ records }));
  const second = BigInt(SECONDS) * NS_PER_SECOND;
  expect(read.map(({ time }) => time)).toEqual([0, -200_000, 200_000, -400_000, 100_000]);
  expect(summary.baseTime).toBe(second + 500_000n);
  expect(summary.firstTime).toBe(second + 100_000n);
  expect(summary.lastTime).toBe(second + 700_000n);
  expect(summary.problems).toEqual([
    {
      kind: "note",
      offset: 0,
      message:
        "2 of 5 records stamped earlier than the one before, at most 600000 ns, first record 2",
    },
  ]);
});

test("more than a second of microseconds is reported once", async () => {
  const records = [{}, { ticks: 1_500_000 }, { ticks: 2_000_000 }];
  const file = pcapFile({ records });
  const { summary } = readFile(file);
  expect(summary.problems.map(({ kind, message }) => `${kind}: ${message}`)).toEqual([
    "malformed: record 2 is stamped with 1500000 microseconds behind its second, must be below " +
      "1000000; 2 such records, the file's magic number may name the wrong unit: times are not to " +
      "be trusted",
  ]);
  expect((await readStream(file, 1)).summary).toEqual(summary);
});

test("a captured length above the original is delivered and noted", () => {
  const { records, summary } = readFile(
    pcapFile({ records: [{ data: DATA, originalLength: 4 }, { data: DATA }] }),
  );
  expect(records).toHaveLength(2);
  expect(summary.problems.map(({ message }) => message)).toEqual([
    "1 of 2 records hold more bytes than they say the packet had, first record 1",
  ]);
});

test("a record larger than the block buffer is read, when the snaplen allows it", async () => {
  const data = new Uint8Array(3_000_000).fill(7);
  const file = pcapFile({
    snaplen: 4_000_000,
    records: [{ data: DATA }, { data }, { data: DATA }],
  });
  const { records, summary } = readFile(file);
  expect(records.map(({ capturedLength }) => capturedLength)).toEqual([5, 3_000_000, 5]);
  expect(records[1]?.data).toBe("07".repeat(3_000_000));
  expect(summary.problems).toEqual([]);
  expect(await readStream(file, 65_536)).toEqual({ records, summary });
});
