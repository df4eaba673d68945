import { describe, expect, test } from "vitest";
import { readCaptureStream } from "#observed/capture/read-capture-stream.js";
import { ascii, concat } from "../../support/capture-bytes.js";
import { MAGIC, pcapFile } from "../../support/capture-pcap.js";
import { PcapngSection } from "../../support/capture-pcapng.js";
import { readAnything, readFile, readStream, type ReadFile } from "../../support/capture-read.js";

const DATA = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];

/** As `kind: message`, the way they are printed behind the file's name. */
const said = ({ summary }: ReadFile): readonly string[] =>
  summary.problems.map(({ kind, message }) => `${kind}: ${message}`);

/** What both readers say; they must say the same. */
async function readBoth(bytes: Uint8Array, chunks = [1, 7, 65_536]): Promise<ReadFile> {
  const read = readFile(bytes);
  for (const chunkBytes of chunks) {
    expect(await readStream(bytes, chunkBytes)).toEqual(read);
  }
  return read;
}

test("an empty file", async () => {
  const read = await readBoth(new Uint8Array(0));
  expect(read.summary).toMatchObject({ format: undefined, records: 0, truncated: false });
  expect(said(read)).toEqual([
    "empty: 0 bytes: nothing was written; check that the capture ran, that it was allowed to write, and that the disk was not full",
  ]);
});

// prettier-ignore
test.each([
  { format: "pcap",   bytes: pcapFile() },
  { format: "pcapng", bytes: new PcapngSection().interface().done() },
])("a $format header and no packet is noted, not a fault", async ({ format, bytes }) => {
  const read = await readBoth(bytes);
  expect(read.summary).toMatchObject({ format, records: 0, truncated: false, baseTime: undefined });
  expect(read.summary.problems).toEqual([
    { kind: "note", offset: 0, message: "no packets recorded: the file ends behind its header" },
  ]);
});

describe("a classic file cut short", () => {
  const records = [{ data: DATA }, { data: DATA }, { data: DATA }];
  // prettier-ignore
  const rows = [
    { magic: MAGIC.microseconds, header: 16 },
    { magic: MAGIC.nanoseconds,  header: 16 },
    { magic: MAGIC.modified,     header: 24 },
  ];
  test.each(rows)("at every byte, records of $header + 10 bytes", async ({ magic, header }) => {
    const file = pcapFile({ magic, records });
    const step = header + DATA.length;
    for (let length = 4; length < file.length; length++) {
      const read = await readBoth(file.subarray(0, length));
      const whole = Math.max(0, Math.floor((length - 24) / step));
      const rest = (length - 24) % step;
      expect(read.records).toHaveLength(whole);
      expect(read.summary.truncated).toBe(rest !== 0);
      expect(said(read)).toEqual(expectedWords({ length, whole, rest, header }));
    }
  });
});

const bytes = (count: number): string => (count === 1 ? "1 byte" : `${count} bytes`);

function expectedWords(cut: { length: number; whole: number; rest: number; header: number }) {
  const read = cut.whole === 1 ? "1 record read" : `${cut.whole} records read`;
  const tail = `early: the capture was cut while being written; ${read}`;
  if (cut.length < 24) return [`truncated: the file header ends ${24 - cut.length} bytes ${tail}`];
  if (cut.rest === 0) {
    return cut.whole > 0 ? [] : ["note: no packets recorded: the file ends behind its header"];
  }
  const number = cut.whole + 1;
  return cut.rest < cut.header
    ? [`truncated: the header of record ${number} ends ${bytes(cut.header - cut.rest)} ${tail}`]
    : [`truncated: record ${number} ends ${bytes(cut.header + 10 - cut.rest)} ${tail}`];
}
test("a pcapng file cut at every byte", async () => {
  const file = new PcapngSection()
    .interface()
    .enhancedPacket({ data: DATA })
    .enhancedPacket({ data: DATA })
    .done();
  const ends = new Set([28, 48, 92, 136]);
  for (let length = 4; length < file.length; length++) {
    const read = await readBoth(file.subarray(0, length));
    const isWhole = ends.has(length);
    expect(read.records).toHaveLength(length < 92 ? 0 : 1);
    expect(read.summary.truncated).toBe(!isWhole);
    expect(read.summary.problems.map(({ kind }) => kind)).toEqual(
      isWhole ? (length < 92 ? ["note"] : []) : ["truncated"],
    );
  }
  const cut = readFile(file.subarray(0, file.length - 22));
  expect(cut.summary.problems).toEqual([
    {
      kind: "truncated",
      offset: 92,
      message:
        "record 2 ends 22 bytes early: the capture was cut while being written; 1 record read",
    },
  ]);
});

describe("a captured length that cannot be", () => {
  const before = { data: DATA };
  // prettier-ignore
  test.each([
    { snaplen: 96,         claimed: 262_145,    limit: 262_144 },
    { snaplen: 262_144,    claimed: 0xffffffff, limit: 262_144 },
    { snaplen: 0,          claimed: 0x80000000, limit: 262_144 },
    { snaplen: 300_000,    claimed: 300_001,    limit: 300_000 },
    { snaplen: 0xffffffff, claimed: 16_777_217, limit: 16_777_216 },
  ])("$claimed with snaplen $snaplen", async ({ snaplen, claimed, limit }) => {
    for (const magic of [MAGIC.microseconds, MAGIC.modified]) {
      const records = [before, { capturedLength: claimed, data: DATA }, before];
      const file = pcapFile({ magic, snaplen, records });
      const read = await readBoth(file);
      const at = magic === MAGIC.modified ? 58 : 50;
      expect(read.records).toHaveLength(1);
      expect(read.summary.problems).toEqual([
        {
          kind: "malformed",
          offset: at,
          message: `record 2 claims ${claimed} captured bytes, the most a record of this file can have is ${limit}: the file is damaged from byte ${at} on or before; 1 record read; copy the file again, in binary mode`,
        },
      ]);
    }
  });

  test("is answered at once and without memory for it, whatever follows", async () => {
    const head = pcapFile({ snaplen: 0xffffffff, records: [{ capturedLength: 0xffffffff }] });
    const allowed = pcapFile({ snaplen: 0xffffffff, records: [{ capturedLength: 1 << 24 }] });
    let asked = 0;
    async function* endless(start: Uint8Array): AsyncGenerator<Uint8Array> {
      yield start;
      for (const zeros = new Uint8Array(65_536); asked < 10_000; asked++) yield zeros;
    }
    const summary = await readCaptureStream({ name: "-", chunks: endless(head) }, () => {});
    expect(summary.records).toBe(0);
    expect(asked).toBe(0);
    // The largest that is believed takes memory as its bytes come, and no more.
    const before = process.memoryUsage().arrayBuffers;
    const { summary: cut } = readFile(allowed);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(4 << 20);
    expect(cut.problems[0]?.message).toContain("record 1 ends 16777216 bytes early");
  });
});

describe("text before the header", () => {
  const NOISE = 'Defaulted container "web" out of: web, istio-proxy (init)\r\n\u001b[1mé…\n';
  const noise = ascii(NOISE);
  // prettier-ignore
  test.each([
    { format: "pcap",            file: pcapFile({ records: [{ data: DATA }] }) },
    { format: "big-endian pcap", file: pcapFile({ littleEndian: false, records: [{ data: DATA }] }) },
    { format: "modified pcap",   file: pcapFile({ magic: MAGIC.modified, records: [{ data: DATA }] }) },
    { format: "pcapng",          file: new PcapngSection().interface().enhancedPacket({ data: DATA }).done() },
  ])("is passed over and noted: $format", async ({ file }) => {
    const read = await readBoth(concat(noise, file));
    const plain = readFile(file);
    expect(read.records).toEqual(plain.records);
    expect(read.summary.problems).toEqual([
      {
        kind: "note",
        offset: 0,
        message: `${noise.length} bytes of text before the capture header: kubectl's or a shell's output; skipped`,
      },
    ]);
  });

  test("offsets of later problems count it", async () => {
    const cut = pcapFile({ records: [{ data: DATA }] }).subarray(0, 45);
    const read = await readBoth(concat(noise, cut));
    expect(read.summary.problems[1]).toMatchObject({
      kind: "truncated",
      offset: noise.length + 24,
    });
  });

  test("is looked through for 64 KiB and no further", async () => {
    const file = pcapFile({ records: [{ data: DATA }] });
    const near = await readBoth(concat(ascii("x".repeat(65_000)), file));
    expect(near.records).toHaveLength(1);
    const far = await readBoth(concat(ascii("x".repeat(66_000)), file));
    expect(far.records).toHaveLength(0);
  });
});

const throughTerminal = (bytes: Uint8Array): Uint8Array =>
  Uint8Array.from([...bytes].flatMap((byte) => (byte === 0x0a ? [0x0d, 0x0a] : [byte])));

describe("a capture through a terminal", () => {
  // 10.244.1.5 and the like: every packet holds bytes that a terminal rewrites.
  const records = Array.from({ length: 20 }, (_, index) => ({
    ticks: index,
    data: [0x45, 0, 0, 60, 10, 244, 1, 5, 10, 244, 1, 6, index],
  }));
  test("is recognised in classic pcap", async () => {
    // Line ends are counted in what was read: a stream may end before there are enough.
    const read = await readBoth(throughTerminal(pcapFile({ records })), [1000, 65_536]);
    expect(said(read)[0]).toMatch(
      /^malformed: each of the first 4\d line feed bytes has a carriage return in front: a terminal rewrote the file; capture again with `kubectl exec` or `docker run` without -t; record /,
    );
  });

  test("is recognised in pcapng", async () => {
    const section = new PcapngSection().interface();
    for (const { data } of records) section.enhancedPacket({ data });
    expect(said(await readBoth(throughTerminal(section.done())))).toEqual([
      "unsupported: not a capture but a pcapng file with a carriage return before each line feed: a terminal rewrote it; capture again with `kubectl exec` and without -t",
    ]);
  });

  test("is not suspected in a whole capture of HTTP", async () => {
    const data = ascii("GET / HTTP/1.1\r\nHost: web\r\nAccept: */*\r\n\r\n");
    expect((await readBoth(pcapFile({ records: [{ data }] }))).summary.problems).toEqual([]);
  });
});

// prettier-ignore
test.each([
  { bytes: "\x7fELF\x02\x01\x01",                      says: "an ELF program or library" },
  { bytes: "PK\x03\x04rest of it",                     says: "a zip archive; unpack it with `unzip`" },
  { bytes: `${"pod.pcap".padEnd(257, "\0")}ustar\0`,   says: "a tar archive; unpack it with `tar -x`" },
  { bytes: "BZh91AY&SY",                               says: "a bzip2 file; unpack it with `bzip2 -dc FILE | …`" },
  { bytes: "snoop\0\0\0\0\0\0\x02",                    says: "a snoop capture; convert it with `editcap -F pcap`" },
  { bytes: "1MOyoQIABAAAAAAAAAAAAAAABAABAAAA",         says: "base64 of a pcap file; decode it with `base64 -d`" },
  { bytes: '{"kind": "PodList"}',                      says: "JSON text" },
  { bytes: "# Generated by iptables-save v1.8.9 (nf_tables)\n*nat\n", says: "iptables-save's output: a state file, not a capture" },
  { bytes: "*nat\n:PREROUTING ACCEPT [0:0]\n",         says: "iptables-save's output: a state file, not a capture" },
  { bytes: "10:00:00.123456 IP 10.0.0.1.40000 > 10.0.0.2.80: Flags [S]\n", says: "the text that tcpdump prints; capture again with `tcpdump -w FILE`, which keeps the bytes" },
  { bytes: "10:00:00.1 eth0  In  IP 10.0.0.1.1 > 10.0.0.2.2: UDP\n", says: "the text that tcpdump prints; capture again with `tcpdump -w FILE`, which keeps the bytes" },
  { bytes: "tcpdump: eth0: You don't have permission\n", says: "text; tcpdump writes a capture only with `-w FILE`" },
  { bytes: "hi",                                       says: "text; tcpdump writes a capture only with `-w FILE`" },
  { bytes: "\x00\x01\x02\x03\x04\x05\x06\x07\x08\x09", says: "bytes that start with 00 01 02 03 04 05 06 07, which is no format we know" },
])("not a capture: $says", async ({ bytes, says }) => {
  const read = await readBoth(Uint8Array.from(bytes, (char) => char.charCodeAt(0)));
  expect(read.summary).toMatchObject({ format: undefined, records: 0 });
  expect(said(read)).toEqual([`unsupported: not a capture but ${says}`]);
  expect(await readAnything(Uint8Array.from(bytes, (char) => char.charCodeAt(0)))).toEqual(read);
});

test("PowerShell's UTF-16 and a compressed file given as a plain one are named", () => {
  expect(said(readFile(Uint8Array.of(0xff, 0xfe, 0xd4, 0, 0xc3, 0)))[0]).toContain("PowerShell");
  expect(said(readFile(Uint8Array.of(0x1f, 0x8b, 8, 0, 0, 0)))[0]).toContain("gzip data");
});
