/** `-o pcapng`: what Wireshark opens, held against the captures that it comes from. */
import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import type { Report } from "#verify/report.js";
import { annotatedCase } from "../../support/annotated.js";
import { readAnything, readFile, type ReadFile } from "../../support/capture-read.js";
import {
  commentsOf,
  packetBytes,
  pcapngBlocks,
  type PcapngBlock,
} from "../../support/pcapng-text.js";
import { ALL_CASES, bytesOf, filesOf } from "../../support/verify-recorded.js";

const BROKEN = ALL_CASES.filter(
  (name) => name.startsWith("broken-") && filesOf(name).includes("topology.yaml"),
);

const PACKET = 6;
const INTERFACE = 1;

function packetsOf(file: Uint8Array): readonly PcapngBlock[] {
  return pcapngBlocks(file).filter(({ type }) => type === PACKET);
}

/** `broken-x/node1.eth0.pcap#17`, from the end of the first comment. */
function originOf(packet: PcapngBlock): { readonly file: string; readonly number: number } {
  const [, file = "", number = ""] = /, ([^,]+)#(\d+)$/.exec(commentsOf(packet)[0] ?? "") ?? [];
  return { file, number: Number(number) };
}

const inputs = new Map<string, Promise<ReadFile>>();
function inputOf(file: string): Promise<ReadFile> {
  const known = inputs.get(file) ?? readAnything(bytesOf(file));
  inputs.set(file, known);
  return known;
}

const hash = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

describe.each(BROKEN)("%s", (recorded) => {
  test("its packets are the input's, byte for byte, with their times and lengths", async () => {
    const { file } = await annotatedCase(recorded);
    const read = readFile(file);
    const packets = packetsOf(file);
    // Captures of several clocks are not in the order of their own times, which is a note.
    expect(read.summary.problems.filter(({ kind }) => kind !== "note")).toEqual([]);
    expect(read.records).toHaveLength(packets.length);
    expect(packets.length).toBeGreaterThan(0);
    for (const [at, packet] of packets.entries()) {
      const { file: name, number } = originOf(packet);
      const input = await inputOf(name);
      const origin = input.records[number - 1];
      const written = read.records[at];
      expect(hash(packetBytes(packet))).toBe(hash(Buffer.from(origin?.data ?? "", "hex")));
      expect(written?.originalLength).toBe(origin?.originalLength);
      expect(written?.linktype).toBe(origin?.linktype);
      const time = (read.summary.baseTime ?? 0n) + BigInt(written?.time ?? 0);
      expect(time).toBe((input.summary.baseTime ?? 0n) + BigInt(origin?.time ?? 0));
    }
  });

  test("every packet that a failed check cites is there, and says which check", async () => {
    const { report, file } = await annotatedCase(recorded);
    const byOrigin = new Map(
      packetsOf(file).map((packet) => {
        const { file: name, number } = originOf(packet);
        return [`${name}#${number}`, commentsOf(packet)] as const;
      }),
    );
    for (const { check, ids } of failedChecks(report)) {
      for (const { file: name, packet } of check.evidence) {
        const comments = byOrigin.get(`${name}#${packet}`) ?? [];
        expect(comments.join("\n")).toContain(`check ${check.check}: fail`);
        expect(comments[0]).toContain(check.finding?.code ?? "");
        expect(ids.some((id) => comments.join("\n").includes(`pcapcheck ${id} `))).toBe(true);
      }
    }
  });
});

function failedChecks({ connections, across }: Report) {
  const all = [
    ...connections.flatMap(({ id, checks }) => checks.map((check) => ({ check, ids: [id] }))),
    ...across.map(({ check, connections: ids }) => ({ check, ids })),
  ];
  return all.filter(({ check }) => check.verdict === "fail");
}

test("two runs give the same bytes", async () => {
  const one = await annotatedCase("broken-nodeport-no-masquerade");
  const other = await annotatedCase("broken-nodeport-no-masquerade");
  expect(hash(one.file)).toBe(hash(other.file));
});

test("packets of one connection are told at every capture point that shows it", async () => {
  const { report, file } = await annotatedCase("broken-nodeport-no-masquerade");
  const failed = report.connections.filter(({ verdict }) => verdict === "fail");
  const texts = packetsOf(file).map((packet) => commentsOf(packet)[0] ?? "");
  for (const { id, sightings } of failed) {
    for (const { point, direction } of sightings) {
      const told = texts.filter(
        (text) =>
          text.startsWith(`pcapcheck ${id} fail`) && text.includes(`: ${direction} at ${point},`),
      );
      expect(told.length).toBeGreaterThan(0);
      expect(told.length).toBeLessThanOrEqual(20);
    }
  }
});

test("where nothing failed there are the capture points, no packet, and why", async () => {
  const { file } = await annotatedCase("nodeport-cluster");
  expect(packetsOf(file)).toEqual([]);
  const [section, ...others] = pcapngBlocks(file);
  expect(section && commentsOf(section).join("\n")).toContain("no check failed");
  expect(others.some(({ type }) => type === INTERFACE)).toBe(true);
  expect(readFile(file).summary.problems.filter(({ kind }) => kind === "malformed")).toEqual([]);
});

test("what came from a capture or a topology can write no control character", async () => {
  const hostile = '\u001b[31mred\u202e "quoted" <b> \ud800 \0 end\n';
  const { file } = await annotatedCase("broken-extra-masquerade", (report) => ({
    ...report,
    connections: report.connections.map((connection) => ({
      ...connection,
      checks: connection.checks.map((check) => ({ ...check, expected: hostile })),
    })),
  }));
  const comments = pcapngBlocks(file).flatMap(commentsOf);
  expect(comments.join("")).toContain('\\x1b[31mred\\u202e "quoted" <b> \\ud800 \\x00 end\\x0a');
  expect(comments.filter((text) => /[\p{Cc}\p{Cf}\p{Cs}]/u.test(text))).toEqual([]);
});
