import { describe, expect, test } from "vitest";
import { DIRECTION } from "#observed/capture/record.js";
import { concat } from "../../support/capture-bytes.js";
import { PcapngSection, text } from "../../support/capture-pcapng.js";
import { readFile, readStream } from "../../support/capture-read.js";

const DATA = [1, 2, 3, 4, 5];
/** 2024-01-01T00:00:00Z. */
const SECONDS = 1_704_067_200n;
const NS_PER_SECOND = 1_000_000_000n;

const IF_NAME = 2;
const IF_DESCRIPTION = 3;
const IF_TSRESOL = 9;
const IF_TSOFFSET = 14;
const EPB_FLAGS = 2;

describe.each([{ littleEndian: true }, { littleEndian: false }])("$littleEndian", (order) => {
  const section = (): PcapngSection => new PcapngSection(order);

  test("interfaces, packets, directions and statistics", async () => {
    const writer = section();
    const file = writer
      .interface({ linktype: 1, snaplen: 96, options: [[IF_NAME, text("eth0\0")]] })
      .interface({
        linktype: 276,
        snaplen: 0,
        options: [
          [IF_DESCRIPTION, text("all of them")],
          [IF_NAME, text("any")],
        ],
      })
      .enhancedPacket({ interfaceId: 1, time: SECONDS * 1_000_000n, data: DATA })
      .enhancedPacket({
        time: SECONDS * 1_000_000n + 7n,
        data: DATA,
        originalLength: 1500,
        options: [
          [1, text("a comment")],
          [EPB_FLAGS, writer.value(32, 1n)],
        ],
      })
      .enhancedPacket({
        time: SECONDS * 1_000_000n + 9n,
        options: [[EPB_FLAGS, writer.value(32, 2n)]],
      })
      .statistics({
        options: [
          [4, writer.value(64, 100n)],
          [5, writer.value(64, 3n)],
        ],
      })
      .statistics({
        options: [
          [5, writer.value(64, 4n)],
          [7, writer.value(64, 2n)],
        ],
      })
      .done();
    const { records, summary } = readFile(file);
    expect(records).toEqual([
      {
        number: 1,
        time: 0,
        capturedLength: 5,
        originalLength: 5,
        linktype: 276,
        interfaceId: 1,
        direction: DIRECTION.unknown,
        data: "0102030405",
      },
      {
        number: 2,
        time: 7000,
        capturedLength: 5,
        originalLength: 1500,
        linktype: 1,
        interfaceId: 0,
        direction: DIRECTION.in,
        data: "0102030405",
      },
      {
        number: 3,
        time: 9000,
        capturedLength: 0,
        originalLength: 0,
        linktype: 1,
        interfaceId: 0,
        direction: DIRECTION.out,
        data: "",
      },
    ]);
    expect(summary).toMatchObject({
      format: "pcapng",
      baseTime: SECONDS * NS_PER_SECOND,
      lastTime: SECONDS * NS_PER_SECOND + 9000n,
      farthestBackNs: 0,
      snappedRecords: 1,
      problems: [],
      interfaces: [
        { linktype: 1, snaplen: 96, name: "eth0", description: undefined, dropped: 6 },
        { linktype: 276, snaplen: 0, name: "any", description: "all of them", dropped: undefined },
      ],
    });
    for (const chunkBytes of [1, 7, 100]) {
      expect(await readStream(file, chunkBytes)).toEqual({ records, summary });
    }
  });

  // The unit as if_tsresol says it, a count of it, and the nanoseconds it is.
  // prettier-ignore
  test.each([
    { unit: "seconds",            resolution: 0x00, count: 86_400n,                          ns: 86_400_000_000_000 },
    { unit: "milliseconds",       resolution: 0x03, count: 1_234n,                           ns: 1_234_000_000 },
    { unit: "microseconds",       resolution: 0x06, count: 1_234_567n,                       ns: 1_234_567_000 },
    { unit: "nanoseconds",        resolution: 0x09, count: 8_640_000_999_999_999n,           ns: 8_640_000_999_999_999 },
    { unit: "picoseconds",        resolution: 0x0c, count: 1_999n,                           ns: 1 },
    { unit: "2^-10 s",            resolution: 0x8a, count: 1n,                               ns: 976_562 },
    { unit: "2^-32 s",            resolution: 0xa0, count: (5n << 32n) + (1n << 31n),        ns: 5_500_000_000 },
    { unit: "2^-63 s",            resolution: 0xbf, count: 1n << 62n,                        ns: 500_000_000 },
    { unit: "10^-127 s",          resolution: 0x7f, count: 1n << 62n,                        ns: 0 },
  ])("if_tsresol of $unit", ({ resolution, count, ns }) => {
    const { records } = readFile(
      section()
        .interface({ options: [[IF_TSRESOL, [resolution]]] })
        .enhancedPacket({ time: 0n })
        .enhancedPacket({ time: count })
        .done(),
    );
    expect(records.map(({ time }) => time)).toEqual([0, ns]);
  });

  test("nanoseconds at today's dates are exact, across the carry into the high half", () => {
    const carry = (((SECONDS * NS_PER_SECOND) >> 32n) << 32n) + (1n << 32n);
    const { records, summary } = readFile(
      section()
        .interface({ options: [[IF_TSRESOL, [9]]] })
        .enhancedPacket({ time: carry - 1n })
        .enhancedPacket({ time: carry })
        .enhancedPacket({ time: carry - 2n })
        .done(),
    );
    expect(records.map(({ time }) => time)).toEqual([0, 1, -1]);
    expect(summary.firstTime).toBe(carry - 2n);
    expect(summary.lastTime).toBe(carry);
  });

  test("interfaces of different units and offsets share one clock", () => {
    const writer = section();
    const file = writer
      .interface({
        options: [
          [IF_TSRESOL, [9]],
          [IF_TSOFFSET, writer.value(64, -3600n)],
        ],
      })
      .interface({ options: [[IF_TSOFFSET, writer.value(64, SECONDS)]] })
      .enhancedPacket({ interfaceId: 0, time: (SECONDS + 3600n) * NS_PER_SECOND + 1n })
      .enhancedPacket({ interfaceId: 1, time: 1n })
      .enhancedPacket({ interfaceId: 0, time: (SECONDS + 3600n) * NS_PER_SECOND + 1003n })
      .done();
    const { records, summary } = readFile(file);
    expect(summary.baseTime).toBe(SECONDS * NS_PER_SECOND + 1n);
    expect(records.map(({ time }) => time)).toEqual([0, 999, 1002]);
  });

  test("a simple packet block takes the time before it and the first interface's snaplen", () => {
    const { records, summary } = readFile(
      section()
        .interface({ linktype: 113, snaplen: 5 })
        .simplePacket({ data: [9] })
        .enhancedPacket({ time: 50n })
        .enhancedPacket({ time: 60n })
        .simplePacket({ data: DATA, originalLength: 1500 })
        .done(),
    );
    expect(records.map(({ time }) => time)).toEqual([0, 0, 10_000, 10_000]);
    expect(records[3]).toMatchObject({ capturedLength: 5, originalLength: 1500, linktype: 113 });
    expect(summary.problems.map(({ message }) => message)).toEqual([
      "2 of 4 records are in simple packet blocks, which have no timestamp: they are given the time of the record before",
    ]);
  });

  test("the obsolete packet block has a drop count beside its interface", () => {
    const { records } = readFile(
      section()
        .interface()
        .interface({ linktype: 101 })
        .block(2, (out) => out.u16(1, 0xffff).u32(0, 7, 5, 60).raw(DATA))
        .done(),
    );
    expect(records).toMatchObject([{ linktype: 101, capturedLength: 5, originalLength: 60 }]);
  });

  test("name resolution, secrets, journal and custom blocks are passed over, unknown ones named", () => {
    const writer = section().interface();
    for (const type of [4, 9, 10, 0xbad, 0x40000bad, 0x0bad0001, 77]) {
      writer.block(type, (out) => out.u32(1, 2, 3));
    }
    const { records, summary } = readFile(writer.enhancedPacket({ data: DATA }).done());
    expect(records).toHaveLength(1);
    expect(summary.problems.map(({ message }) => message)).toEqual([
      "2 blocks of unknown type were passed over, the first of type 0xbad0001",
    ]);
  });
});

test("the byte order may change between sections, and interface ids count on", async () => {
  const file = concat(
    new PcapngSection({ littleEndian: true })
      .interface({ options: [[IF_NAME, text("eth0")]] })
      .interface({ options: [[IF_NAME, text("eth1")]] })
      .enhancedPacket({ interfaceId: 1, time: 5n, data: DATA })
      .done(),
    new PcapngSection({ littleEndian: false })
      .interface({
        linktype: 113,
        options: [
          [IF_NAME, text("any")],
          [IF_TSRESOL, [9]],
        ],
      })
      .enhancedPacket({ interfaceId: 0, time: 7000n, data: DATA })
      .done(),
  );
  const { records, summary } = readFile(file);
  expect(records.map(({ interfaceId, linktype, time }) => [interfaceId, linktype, time])).toEqual([
    [1, 1, 0],
    [2, 113, 2000],
  ]);
  expect(summary.interfaces.map(({ name }) => name)).toEqual(["eth0", "eth1", "any"]);
  expect(summary.problems).toEqual([]);
  expect(await readStream(file, 1)).toEqual({ records, summary });
});

const first = (): PcapngSection =>
  new PcapngSection().interface().enhancedPacket({ time: 1n, data: DATA });

// Each after one good record at byte 48; the fault is at byte 88.
// prettier-ignore
test.each([
  { fault: "a trailer that differs",  file: first().block(4, (out) => out.u32(0), 20),                  says: "type 0x4 at byte 88 starts with length 16 and ends with 20" },
  { fault: "an unknown interface",    file: first().enhancedPacket({ interfaceId: 3 }),                 says: "type 0x6 at byte 88 is of interface 3, its section has described 1" },
  { fault: "statistics of one",       file: first().statistics({ interfaceId: 9, options: [] }),        says: "type 0x5 at byte 88 is of interface 9, its section has described 1" },
  { fault: "a captured length",       file: first().enhancedPacket({ capturedLength: 0xffffffff }),     says: "type 0x6 at byte 88 claims 4294967295 captured bytes, the most it can have is 0" },
  { fault: "a short packet block",    file: first().block(6, (out) => out.u32(0, 0)),                   says: "type 0x6 at byte 88 has 20 bytes, needs 32" },
  { fault: "a short simple packet",   file: first().block(3, () => {}),                                 says: "type 0x3 at byte 88 has 12 bytes, needs 16" },
  { fault: "a short interface",       file: first().block(1, (out) => out.u32(1)),                      says: "type 0x1 at byte 88 has 16 bytes, needs 20" },
  { fault: "a short statistics block", file: first().block(5, (out) => out.u32(0)),                     says: "type 0x5 at byte 88 has 16 bytes, needs 24" },
  { fault: "a byte order magic",      file: first().block(0x0a0d0d0a, (out) => out.u32(0x12345678, 0)), says: "type 0xa0d0d0a at byte 88 starts a section with byte order magic 0x78563412, must be 0x1a2b3c4d" },
])("$fault ends the file", async ({ file, says }) => {
  const { records, summary } = readFile(file.enhancedPacket({ data: DATA }).done());
  expect(records).toHaveLength(1);
  expect(summary.truncated).toBe(false);
  expect(summary.problems).toEqual([
    {
      kind: "malformed",
      offset: 88,
      message: `the block of ${says}: the file is damaged there or before; 1 record read; copy the file again, in binary mode`,
    },
  ]);
  expect(await readStream(file.done(), 3)).toEqual({ records, summary });
});

test("a block length that cannot be is not waited for", () => {
  const file = concat(
    first().done(),
    Uint8Array.of(6, 0, 0, 0, 0xfc, 0xff, 0xff, 0xff, 1, 2, 3, 4),
  );
  const { summary } = readFile(file);
  expect(summary.problems[0]?.message).toContain("claims a length of 4294967292 bytes, must be");
});

test("a later version is unsupported", () => {
  const { summary } = readFile(new PcapngSection({ version: [2, 0] }).interface().done());
  expect(summary.problems).toMatchObject([{ kind: "unsupported", offset: 0 }]);
  expect(summary.problems[0]?.message).toContain("has pcapng version 2.0, only 1.0 is read");
});

test("version 1.2 is 1.0 by another number", () => {
  expect(readFile(new PcapngSection({ version: [1, 2] }).done()).summary.problems).toEqual([
    { kind: "note", offset: 0, message: "no packets recorded: the file ends behind its header" },
  ]);
});
