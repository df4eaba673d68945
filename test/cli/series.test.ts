/** A rotated series against the one file that it was cut from. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, expect, test } from "vitest";
import { flowsDocument, type FlowsConnection } from "#report/flows-schema.js";
import { runProgram } from "./run-program.js";

const WHOLE = "captures/hostport-external/node1.cni0.pcap";
const root = mkdtempSync(join(tmpdir(), "pcapcheck-series-"));
afterAll(() => rmSync(root, { recursive: true }));

/** Ten records a file, named as `tcpdump -C` names them. */
function rotate(): string[] {
  const bytes = readFileSync(WHOLE);
  const header = bytes.subarray(0, 24);
  const records: Buffer[] = [];
  for (let at = 24; at < bytes.length;) {
    const end = at + 16 + bytes.readUInt32LE(at + 8);
    records.push(bytes.subarray(at, end));
    at = end;
  }
  const files: string[] = [];
  for (let first = 0; first < records.length; first += 10) {
    const file = join(root, `cni0.pcap${first === 0 ? "" : first / 10}`);
    writeFileSync(file, Buffer.concat([header, ...records.slice(first, first + 10)]));
    files.push(file);
  }
  return files;
}

const files = rotate();

async function flows(words: readonly string[]) {
  const { stdout, code } = await runProgram(["flows", "-o", "json", ...words]);
  return { ...flowsDocument.parse(JSON.parse(stdout)), code };
}

/** What does not depend on how the capture was cut. */
function facts(connection: FlowsConnection) {
  const { files: _files, packetNumbers: _numbers, packetFiles: _of, ...rest } = connection;
  return rest;
}

test.each([
  ["in order", files],
  ["out of order", files.toReversed()],
  ["as a directory", [root]],
  ["under one point", files.map((file) => `cni0=${file}`).toReversed()],
])("%s: the connections of the whole", async (_, words) => {
  const whole = await flows([`cni0=${WHOLE}`]);
  const rotated = await flows(words);
  expect(rotated.code).toBe(0);
  expect(rotated.captures.map(({ file }) => file)).toEqual(files);
  expect(rotated.connections.map(facts)).toEqual(whole.connections.map(facts));
});

test("a packet is cited by its place in its own file", async () => {
  const whole = await flows([`cni0=${WHOLE}`]);
  const rotated = await flows(files);
  for (const [at, { packetNumbers, packetFiles }] of rotated.connections.entries()) {
    const before = files.indexOf(packetFiles.last) * 10;
    expect(before + packetNumbers.last).toBe(whole.connections[at]?.packetNumbers.last);
  }
});

test("one file of the series is compressed", async () => {
  const [first = "", second = "", ...rest] = files;
  writeFileSync(`${second}.gz`, gzipSync(readFileSync(second)));
  const { captures, connections } = await flows([...rest, `${second}.gz`, first]);
  expect(captures.map(({ compression }) => compression).slice(0, 3)).toEqual([null, "gzip", null]);
  expect(connections.map(facts)).toEqual((await flows([`cni0=${WHOLE}`])).connections.map(facts));
});
