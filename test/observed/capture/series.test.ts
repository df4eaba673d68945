import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { epochNs } from "#net/types.js";
import type { BlockSource } from "#observed/capture/byte-source.js";
import { captureName } from "#observed/capture/capture-name.js";
import { peekFirstTime } from "#observed/capture/peek-first-time.js";
import { groupSeries, orderSeries } from "#observed/capture/series.js";
import { pcapFile, SECONDS } from "../../support/capture-pcap.js";
import { PcapngSection } from "../../support/capture-pcapng.js";
import { blockSource, chunksOf } from "../../support/capture-read.js";

// prettier-ignore
test.each([
  { by: "-C",               names: ["x.pcap", "x.pcap1", "x.pcap2", "x.pcap10"] },
  { by: "-C -W",            names: ["x.pcap00", "x.pcap01", "x.pcap02"] },
  { by: "-C, packed",       names: ["x.pcap.gz", "x.pcap1.gz", "x.pcap2"] },
  { by: "-G, in one run",   names: ["eth0-20240101120000.pcap", "eth0-20240101121000.pcap"] },
  { by: "-G, date only",    names: ["eth0.20240101.pcap", "eth0.20240102.pcap"] },
  { by: "-G, ISO 8601",     names: ["eth0_2024-01-01T12:00:00Z.pcap", "eth0_2024-01-01T12:10:00Z.pcap"] },
  { by: "-G, with dashes",  names: ["eth0-2024-01-01_12-00-00.pcap", "eth0-2024-01-01_12-10-00.pcap"] },
  { by: "-G, %s",           names: ["eth0-1704110400.pcap", "eth0-1704111000.pcap"] },
  { by: "-G -C",            names: ["e-20240101120000.pcap", "e-20240101120000.pcap1", "e-20240101121000.pcap"] },
  { by: "dumpcap's ring",   names: ["x_00001_20240101120000.pcapng", "x_00002_20240101121000.pcapng"] },
])("one series by $by", ({ names }) => {
  expect(groupSeries(names)).toEqual([names]);
});

// prettier-ignore
test.each([
  { but: "two nodes",              names: ["node1.pcap", "node2.pcap"] },
  { but: "two nodes, rotated once", names: ["node1.pcap1", "node2.pcap1"] },
  { but: "two interfaces, dated",  names: ["eth0-20240101120000.pcap", "eth1-20240101120000.pcap"] },
  { but: "two folders",            names: ["a/x.pcap", "b/x.pcap1"] },
  { but: "two extensions",         names: ["x.pcap", "x.pcapng"] },
  { but: "numbers, not dates",     names: ["pod-12345678.pcap", "pod-98765432.pcap"] },
  { but: "addresses",              names: ["10.244.1.5.pcap", "10.244.1.6.pcap"] },
  { but: "one name twice",         names: ["x.pcap", "x.pcap.gz"] },
])("no series: $but", ({ names }) => {
  expect(groupSeries(names)).toEqual(names.map((name) => [name]));
});

test("series and single files keep the order they were given in", () => {
  const names = ["b.pcap1", "node1.pcap", "a.pcap2", "b.pcap", "a.pcap1"];
  expect(groupSeries(names)).toEqual([
    ["b.pcap1", "b.pcap"],
    ["node1.pcap"],
    ["a.pcap2", "a.pcap1"],
  ]);
});

const dated = (name: string, seconds?: bigint) => ({
  name,
  firstTime: seconds === undefined ? undefined : epochNs(seconds),
});

test("a series is ordered by its first records, not by its names", () => {
  // Names that came round again under -W, and one that got no packet.
  const files = [
    dated("x.pcap0", 30n),
    dated("x.pcap1"),
    dated("x.pcap10", 10n),
    dated("x.pcap2", 20n),
  ];
  expect(orderSeries(files).map(({ name }) => name)).toEqual([
    "x.pcap10",
    "x.pcap2",
    "x.pcap0",
    "x.pcap1",
  ]);
});

const LATE = [
  { ticks: 5, data: new Uint8Array(60) },
  ...Array.from({ length: 10_000 }, () => ({})),
];
const FIRST = BigInt(SECONDS) * 1_000_000_000n + 5000n;

const LONG = Array.from({ length: 5000 }, (_, index) => ({
  ticks: 5 + index,
  data: new Uint8Array(60),
}));

// prettier-ignore
test.each([
  { of: "plain",  bytes: pcapFile({ records: LONG }),           most: 4096 },
  { of: "packed", bytes: gzipSync(pcapFile({ records: LONG }), { level: 0 }), most: 4096 + 65_536 },
])("the first time of a $of file takes little reading", async ({ bytes, most }) => {
  const source = blockSource(bytes);
  let read = 0;
  const watched: BlockSource = {
    name: source.name,
    read(target, at) {
      const count = source.read(target, at);
      read += count;
      return count;
    },
  };
  expect(bytes.length).toBeGreaterThan(100_000);
  expect(await peekFirstTime(watched)).toBe(FIRST);
  expect(read).toBeLessThanOrEqual(most);
});

// prettier-ignore
test.each([
  { of: "a packed file",      source: blockSource(gzipSync(pcapFile({ records: LATE }))),               time: FIRST },
  { of: "a stream",           source: { name: "-", chunks: chunksOf(pcapFile({ records: LATE }), 10) }, time: FIRST },
  { of: "a large record",     source: blockSource(pcapFile({ records: [{ ticks: 5, data: new Uint8Array(100_000) }] })), time: FIRST },
  { of: "pcapng",             source: blockSource(new PcapngSection().interface().enhancedPacket({ time: 7n }).done()), time: 7000n },
  { of: "no record",          source: blockSource(pcapFile()),                                           time: undefined },
  { of: "a record cut short", source: blockSource(pcapFile({ records: LATE }).subarray(0, 50)),          time: undefined },
  { of: "no bytes",           source: blockSource(new Uint8Array(0)),                                    time: undefined },
  { of: "no capture",         source: blockSource(new Uint8Array(5000)),                                 time: undefined },
])("the first time of $of", async ({ source, time }) => {
  expect(await peekFirstTime(source)).toBe(time);
});

// prettier-ignore
test.each([
  ["captures/hostport-external/node1.eth0.pcap", "node1.eth0"],
  ["node1.eth0.pcap3.gz", "node1.eth0"],
  ["pod-web.pcapng.zst",  "pod-web"],
  ["x.cap",               "x"],
  ["x.dmp.zstd",          "x"],
  ["x",                   "x"],
  [".pcap",               ".pcap"],
])("%s is of %s", (path, name) => {
  expect(captureName(path)).toBe(name);
});
