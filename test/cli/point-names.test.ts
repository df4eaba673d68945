import { expect, test } from "vitest";
import { pointNames } from "../../src/cli/point-names.js";

// prettier-ignore
const ROWS = [
  { name: "the file's name without its ending", series: [{ files: ["a/node1.eth0.pcap3.gz"] }], names: ["node1.eth0"] },
  { name: "what the user typed", series: [{ point: "pod:web", files: ["a.pcap"] }], names: ["pod:web"] },
  { name: "standard input", series: [{ files: ["-"] }], names: ["stdin"] },
  { name: "one folder tells them apart", series: [{ files: ["x/node1/eth0.pcap"] }, { files: ["x/node2/eth0.pcap"] }], names: ["node1/eth0", "node2/eth0"] },
  { name: "two folders tell them apart", series: [{ files: ["a/n/eth0.pcap"] }, { files: ["b/n/eth0.pcap"] }], names: ["a/n/eth0", "b/n/eth0"] },
  { name: "only the ending tells them apart", series: [{ files: ["x/eth0.pcap"] }, { files: ["x/eth0.cap"] }], names: ["x/eth0.pcap", "x/eth0.cap"] },
  { name: "a typed name keeps, the file with that name gives way", series: [{ point: "eth0", files: ["a.pcap"] }, { files: ["x/eth0.pcap"] }], names: ["eth0", "x/eth0"] },
];

test.each(ROWS)("$name", ({ series, names }) => {
  expect(pointNames(series.map(inputSeries))).toEqual(names);
});

function inputSeries({
  point,
  files,
}: {
  readonly point?: string;
  readonly files: readonly string[];
}) {
  return { point, files: files.map((file) => ({ shown: file, path: file })) };
}
