import { expect, test } from "vitest";
import { expandGlob } from "../../src/cli/glob.js";

const CASE = "captures/hostport-external";

// prettier-ignore
const ROWS = [
  { name: "any letters", pattern: `${CASE}/node1.any*.pcap`, files: ["node1.any-sll.pcap", "node1.any.pcap"] },
  { name: "one letter", pattern: `${CASE}/node?.eth0.pcap`, files: ["node1.eth0.pcap", "node2.eth0.pcap"] },
  { name: "a set", pattern: `${CASE}/node[2-9].eth0.pcap`, files: ["node2.eth0.pcap"] },
  { name: "all but a set", pattern: `${CASE}/node[!1].eth0.pcap`, files: ["node2.eth0.pcap"] },
  { name: "in folders too", pattern: `captures/hostport-ext*/pod*.pcap`, files: ["pod-p1a.eth0.pcap"] },
  { name: "nothing", pattern: `${CASE}/*.nope`, files: [] },
  { name: "a range that runs backwards", pattern: `${CASE}/node[9-1].eth0.pcap`, files: [] },
  { name: "many stars, in no time", pattern: `${CASE}/${"*a".repeat(40)}`, files: [] },
];

test.each(ROWS)("$name: $pattern", ({ pattern, files }) => {
  expect(expandGlob(pattern)).toEqual(files.map((file) => `${CASE}/${file}`));
});

test("a dot file only when the dot is written", () => {
  expect(expandGlob("*itignore")).toEqual([]);
  expect(expandGlob(".gitig*")).toEqual([".gitignore"]);
});
