import { mkdtempSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { gzipSync } from "node:zlib";
import { afterAll, expect, test } from "vitest";
import { TemporaryFolder } from "../../src/cli/bundle/temporary-folder.js";
import { resolveInputs } from "../../src/cli/inputs.js";

const PCAP = Buffer.from("d4c3b2a1020004000000000000000000ffff000001000000", "hex");
const PCAPNG = Buffer.from("0a0d0d0a1c0000004d3c2b1a", "hex");

const root = mkdtempSync(join(tmpdir(), "pcapcheck-inputs-"));
afterAll(() => rmSync(root, { recursive: true }));
const write = (name: string, bytes: Uint8Array | string) => writeFileSync(join(root, name), bytes);
mkdirSync(join(root, "case"));
mkdirSync(join(root, "case", "inner"));
mkdirSync(join(root, "none"));
write("a.pcap", PCAP);
write("b.pcap", PCAP);
write("pod:web=b.pcap", PCAP);
write("case/eth0.pcap", PCAP);
write("case/any.bin", PCAPNG);
write("case/z.pcap.gz", gzipSync(Buffer.concat([PCAP, Buffer.alloc(100_000)])));
write("case/log.gz", gzipSync("text"));
write("case/broken.gz", Buffer.from("1f8b08ff00", "hex"));
write("case/notes.txt", "text");
write("case/.hidden.pcap", PCAP);
write("case/inner/deep.pcap", PCAP);
write("case/empty", "");
for (const number of ["", "1", "2", "10"]) write(`ring.pcap${number}`, PCAP);
symlinkSync("a.pcap", join(root, "link.pcap"));
write("none/README.md", "text");

const NOBODY = { stdin: Readable.from([]), env: { HOME: root } };
const at = (name: string) => join(root, name);
const short = (text: string) => text.replaceAll(`${root}/`, "");

async function resolve(words: readonly string[], io = NOBODY) {
  const temporary = new TemporaryFolder();
  const { series, failures, notes } = await resolveInputs(words, { io, namings: [], temporary });
  return {
    series: series.map(({ point, files }) =>
      [point ?? "", ...files.map(({ shown }) => short(shown))].join(" "),
    ),
    failures: failures.map(short),
    notes: notes.map(short),
  };
}

// prettier-ignore
const ROWS = [
  { name: "a file", words: [at("a.pcap")], series: [" a.pcap"] },
  { name: "a file and its point", words: [`pod:web@node1/eth0=${at("a.pcap")}`], series: ["pod:web@node1/eth0 a.pcap"] },
  { name: "a name with = that exists is a file", words: [at("pod:web=b.pcap")], series: [" pod:web=b.pcap"] },
  { name: "several files of one point are one series", words: [`n/any=${at("b.pcap")}`, at("ring.pcap10"), `n/any=${at("a.pcap")}`], series: ["n/any b.pcap a.pcap", " ring.pcap10"] },
  { name: "rotated files are one series", words: ["ring.pcap", "ring.pcap1", "ring.pcap10"].map(at), series: [" ring.pcap ring.pcap1 ring.pcap10"] },
  { name: "a pattern the shell left alone", words: [`pod:web=${at("ring.pcap[12]")}`], series: ["pod:web ring.pcap1 ring.pcap2"] },
  { name: "~ behind =", words: ["pod:web=~/a.pcap"], series: ["pod:web a.pcap"] },
  { name: "standard input", words: ["-", at("a.pcap")], series: [" -", " a.pcap"] },
  { name: "standard input with a point", words: ["node1/any=-"], series: ["node1/any -"] },
];

test.each(ROWS)("$name", async ({ words, series }) => {
  expect(await resolve(words)).toEqual({ series, failures: [], notes: [] });
});

test("a directory: its captures by content, of folders in it too, no dot files", async () => {
  expect(await resolve([at("case")])).toEqual({
    series: [" case/any.bin", " case/eth0.pcap", " case/inner/deep.pcap", " case/z.pcap.gz"],
    failures: [],
    notes: [],
  });
});

test("the same file twice, under another name too, is read once", async () => {
  const { series, notes } = await resolve([at("a.pcap"), at("link.pcap")]);
  expect(series).toEqual([" a.pcap"]);
  expect(notes).toEqual(["link.pcap: given twice, read once"]);
});

// prettier-ignore
const FAILURES = [
  { name: "no such file", words: [at("nope.pcap")], failure: "nope.pcap: no such file or directory" },
  { name: "no such file behind a point", words: [`pod:web=${at("nope.pcap")}`], failure: "nope.pcap: no such file or directory" },
  { name: "a pattern without a match", words: [at("*.nope")], failure: "*.nope: no file matches" },
  { name: "a directory without captures", words: [at("none")], failure: "none: no capture file in this directory" },
  { name: "no file", words: ["pod:web="], failure: "pod:web=: no file behind the =" },
  { name: "a point nobody can read", words: ["a b=x.pcap"], failure: 'a b=x.pcap: "a b" is no capture point; write node1/eth0, node1/any, pod:web, pod:web@node1/eth0 or client' },
  { name: "a name that would move the cursor", words: ["\u001b[2J.pcap"], failure: "\\x1b[2J.pcap: no file matches" },
  { name: "a pipe among the files of a point", words: [`p=${at("a.pcap")}`, "p=-"], failure: "-: bytes of a pipe come once and cannot be put in order with p's others; give it a point of its own" },
];

test.each(FAILURES)("$name: said, and the others go on", async ({ words, failure }) => {
  const { series, failures } = await resolve([...words, at("b.pcap")]);
  expect(failures).toEqual([failure]);
  expect(series).toContain(" b.pcap");
});

test("a terminal as standard input is refused with a hint", async () => {
  const stdin = Object.assign(Readable.from([]), { isTTY: true });
  const { series, failures } = await resolve(["-"], { ...NOBODY, stdin });
  expect(series).toEqual([]);
  expect(failures.join("")).toContain("standard input is a terminal");
  expect(failures.join("")).toContain("tcpdump -i any -U -w - | pcapcheck flows -");
});
