import { constants, gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { readAny } from "#observed/capture/read-any.js";
import { ZSTD_FREE_WORK_BYTES } from "#observed/capture/zstd-engine.js";
import { ascii, concat } from "../../support/capture-bytes.js";
import { pcapFile } from "../../support/capture-pcap.js";
import { PcapngSection } from "../../support/capture-pcapng.js";
import {
  blockSource,
  chunksOf,
  readAnything,
  readFile,
  type ReadFile,
} from "../../support/capture-read.js";
import {
  ZSTD_EXAMPLE,
  ZSTD_EXAMPLE_CONTENT,
  zstdFrame,
  zstdSkippable,
} from "../../support/capture-zstd.js";

/** Bytes that do not compress, so that a cut of the packed file cuts the records too. */
function noise(length: number): Uint8Array {
  let state = 12_345;
  return Uint8Array.from({ length }, () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return state >>> 24;
  });
}

const NOISE = noise(3000);
const RECORDS = Array.from({ length: 50 }, (_, index) => ({
  ticks: index,
  data: NOISE.subarray(index * 60, index * 60 + 60),
}));
const PCAP = pcapFile({ records: RECORDS });
const PCAPNG = RECORDS.reduce(
  (section, { ticks, data }) => section.enhancedPacket({ time: BigInt(ticks), data }),
  new PcapngSection().interface(),
).done();

const messages = ({ summary }: ReadFile): readonly string[] =>
  summary.problems.map(({ kind, message }) => `${kind}: ${message}`);

/** As a file, and as a stream in small and large chunks: all must tell the same. */
async function readAll(bytes: Uint8Array, chunks = [1, 7, 65_536]): Promise<ReadFile> {
  const read = await readAnything(bytes);
  for (const chunkBytes of chunks) expect(await readAnything(bytes, chunkBytes)).toEqual(read);
  return read;
}

test.each([
  { format: "pcap", bytes: PCAP },
  { format: "pcapng", bytes: PCAPNG },
])("an uncompressed $format file", async ({ bytes }) => {
  expect(await readAll(bytes)).toEqual(readFile(bytes));
});

const half = Math.floor(PCAP.length / 2);
// prettier-ignore
const whole = [
  { packed: "gzip",                       compression: "gzip", bytes: gzipSync(PCAP),                                content: PCAP },
  { packed: "gzip of pcapng",             compression: "gzip", bytes: gzipSync(PCAPNG),                              content: PCAPNG },
  { packed: "gzip, stored",               compression: "gzip", bytes: gzipSync(PCAP, { level: 0 }),                  content: PCAP },
  { packed: "gzip with name and extra",   compression: "gzip", bytes: withHeaderFields(gzipSync(PCAP)),              content: PCAP },
  { packed: "gzip in two members",        compression: "gzip", bytes: concat(gzipSync(PCAP.subarray(0, half)), gzipSync(PCAP.subarray(half))), content: PCAP },
  { packed: "gzip with an empty member",  compression: "gzip", bytes: concat(gzipSync(new Uint8Array(0)), gzipSync(PCAP)), content: PCAP },
  { packed: "gzip padded with zeros",     compression: "gzip", bytes: concat(gzipSync(PCAP), new Uint8Array(512)),   content: PCAP },
  { packed: "zstd",                       compression: "zstd", bytes: ZSTD_EXAMPLE,                                  content: ZSTD_EXAMPLE_CONTENT },
  { packed: "zstd in two frames",         compression: "zstd", bytes: concat(zstdFrame(PCAP.subarray(0, half)), zstdFrame(PCAP.subarray(half))), content: PCAP },
  { packed: "zstd, tiny frames",          compression: "zstd", bytes: concat(...[...PCAP].map((byte) => zstdFrame(Uint8Array.of(byte)))), content: PCAP },
  { packed: "zstd, skippable frame first", compression: "zstd", bytes: concat(zstdSkippable(noise(100)), zstdFrame(PCAP)), content: PCAP },
] as const;

test.each(whole)("$packed", async ({ compression, bytes, content }) => {
  const plain = readFile(content);
  const read = await readAll(bytes);
  expect(read.records).toEqual(plain.records);
  expect(read.summary).toEqual({ ...plain.summary, compression });
});

/** The optional fields of RFC 1952 §2.3.1: extra, name, comment, header checksum (not checked). */
function withHeaderFields(gzip: Uint8Array): Uint8Array {
  const flags = 4 | 8 | 16 | 2;
  const head = concat(gzip.subarray(0, 3), Uint8Array.of(flags), gzip.subarray(4, 10));
  const fields = concat(Uint8Array.of(3, 0, 1, 2, 3), ascii("pod.pcap\0"), ascii("why\0"));
  return concat(head, fields, Uint8Array.of(0, 0), gzip.subarray(10));
}

describe("packed data that was cut", () => {
  // Flushed like a log, the packed bytes are in step with the records.
  const gzip = gzipSync(PCAP, { level: 0 });
  test("gzip gives what was there and one problem", async () => {
    const { records, summary } = await readAll(gzip.subarray(0, 2000));
    // 15 bytes of gzip before the first, 24 of pcap header, 76 for each record.
    expect(records).toEqual(readFile(PCAP).records.slice(0, 25));
    expect(summary).toMatchObject({ truncated: true, compression: "gzip", format: "pcap" });
    expect(messages({ records, summary })).toEqual([
      "truncated: the gzip data ends early: it was cut while being written or copied; 25 records read",
    ]);
  });

  test("zstd gives what was there and one problem", async () => {
    const { records, summary } = await readAll(zstdFrame(PCAP).subarray(0, 2500));
    // Whole blocks of 1000 bytes.
    expect(records).toEqual(readFile(PCAP).records.slice(0, 26));
    expect(messages({ records, summary })).toEqual([
      "truncated: the zstd data ends early: it was cut while being written or copied; 26 records read",
    ]);
  });

  test.each([
    { name: "gzip", bytes: gzipSync(PCAP) },
    { name: "zstd", bytes: ZSTD_EXAMPLE },
  ])("$name at every byte: exactly one problem, and truncated", async ({ bytes }) => {
    for (let length = 4; length < bytes.length; length += 3) {
      const { summary } = await readAnything(bytes.subarray(0, length));
      expect(summary.truncated).toBe(true);
      expect(summary.problems).toMatchObject([{ kind: "truncated" }]);
    }
  });
});

test.each([
  { name: "gzip", bytes: gzipSync(PCAP) },
  { name: "zstd", bytes: zstdFrame(PCAP) },
])("what follows the $name data is noted and costs nothing", async ({ name, bytes }) => {
  const junk = ascii("command terminated with exit code 137\n");
  const read = await readAll(concat(bytes, junk));
  expect(read.records).toEqual(readFile(PCAP).records);
  expect(messages(read)).toEqual([
    `note: what follows byte ${bytes.length} is no ${name} data and was passed over; 50 records read`,
  ]);
});

describe("damaged packed data", () => {
  test("a gzip checksum that differs", async () => {
    const bytes = Uint8Array.from(gzipSync(PCAP));
    bytes[bytes.length - 5] = (bytes[bytes.length - 5] ?? 0) ^ 0xff;
    const read = await readAll(bytes);
    expect(read.records).toHaveLength(50);
    expect(messages(read)[0]).toMatch(
      /^malformed: the gzip data has checksum 0x[\da-f]+, says 0x[\da-f]+: copy the file again; 50 records read$/,
    );
  });

  test("deflate that is none", async () => {
    const bytes = Uint8Array.from(gzipSync(PCAP, { strategy: constants.Z_FIXED }));
    bytes.fill(0xff, 1000, 1010);
    const { summary } = await readAnything(bytes);
    expect(summary.problems).toMatchObject([{ kind: "malformed" }]);
  });

  test("a gzip method that is not deflate", async () => {
    expect(messages(await readAll(Uint8Array.of(0x1f, 0x8b, 7, 0, 0, 0, 0, 0, 0, 0)))).toEqual([
      "malformed: the gzip data uses compression method 7, must be 8: copy the file again; 0 records read",
    ]);
  });

  test("a zstd window is refused before memory is taken for it", async () => {
    const bytes = zstdFrame(PCAP, { windowDescriptor: 0xa8 });
    const { summary } = await readAll(bytes);
    expect(summary.problems).toMatchObject([{ kind: "unsupported", offset: 0 }]);
    expect(summary.problems[0]?.message).toMatch(
      /^the zstd data needs a window of 2147483648 bytes, \d+ are allowed: unpack it with `zstd -dc --long=31 FILE \| …`; 0 records read$/,
    );
  });

  // Only fzstd moves its window for each block.
  test.skipIf(ZSTD_FREE_WORK_BYTES === Infinity)(
    "zstd blocks that cost more than they hold",
    async () => {
      const content = concat(pcapFile(), new Uint8Array(20_000));
      const frame = zstdFrame(content, { blockBytes: 4, windowDescriptor: 0x68 });
      const { summary } = await readAnything(frame);
      expect(summary.problems[0]?.message).toMatch(
        /^the zstd data has blocks too small for its window of 8388608 bytes: unpack it with `zstd -dc FILE \| …`/,
      );
    },
  );

  test("a zstd block that is too large", async () => {
    const { summary } = await readAnything(
      zstdFrame(new Uint8Array(140_000), { blockBytes: 140_000 }),
    );
    expect(summary.problems[0]?.message).toContain("has a block of");
  });

  test("packed twice", async () => {
    expect(messages(await readAll(gzipSync(gzipSync(PCAP))))).toEqual([
      "unsupported: not a capture but gzip data; unpack it with `gunzip`",
    ]);
  });
});

test("a bomb is unpacked piece by piece", async () => {
  // 512 MiB of records of 64 KiB of zeros, in 16 members of 32 KB.
  const record = pcapFile({ records: [{ data: new Uint8Array(65_520) }] }).subarray(24);
  const member = new Uint8Array(512 * record.length);
  for (let at = 0; at < member.length; at += record.length) member.set(record, at);
  const packed = gzipSync(member);
  const bomb = concat(gzipSync(pcapFile()), ...Array.from({ length: 16 }, () => packed));
  const before = process.memoryUsage().arrayBuffers;
  let most = 0;
  const summary = await readAny({ name: "bomb", chunks: chunksOf(bomb, 1 << 20) }, () => {
    most = Math.max(most, process.memoryUsage().arrayBuffers);
  });
  expect(summary.records).toBe(16 * 512);
  // A step is 17 MiB; the rest waits for the garbage collector.
  expect(most - before).toBeLessThan(128 << 20);
});

test("a stream that is no capture is left after its first bytes", async () => {
  let closed = false;
  async function* chunks(): AsyncGenerator<Uint8Array> {
    try {
      for (;;) yield new Uint8Array(1024);
    } finally {
      closed = true;
    }
  }
  const summary = await readAny({ name: "-", chunks: chunks() }, () => {});
  expect(summary.problems).toMatchObject([{ kind: "unsupported" }]);
  expect(closed).toBe(true);
});

const throwing = (): never => {
  throw new Error("the sink's own");
};

test("what a sink throws comes out, from every reader", async () => {
  const sources = [
    blockSource(PCAP),
    blockSource(gzipSync(PCAPNG)),
    { name: "-", chunks: chunksOf(PCAP, 100) },
  ];
  for (const source of sources) {
    await expect(readAny(source, throwing)).rejects.toThrow("the sink's own");
  }
});
