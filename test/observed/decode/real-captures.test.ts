/** What a real kernel sent is never malformed, whatever else we fail to read of it. */
import { CaptureRecord } from "#observed/capture/record.js";
import { decodeRecord } from "#observed/decode/decode-record.js";
import { DecodedPacket } from "#observed/decode/packet.js";
import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";

const FOLDER = new URL("../../../captures/", import.meta.url);

const files = readdirSync(FOLDER, { recursive: true, encoding: "utf8" })
  .filter((name) => name.endsWith(".pcap"))
  .sort();

test("there are captures to read", () => {
  expect(files.length).toBeGreaterThan(0);
});

test.each(files)("%s", (name) => {
  const faults: string[] = [];
  for (const { number, stop } of decodeFile(readFileSync(new URL(name, FOLDER)))) {
    if (stop?.kind === "malformed") faults.push(`${number}: ${stop.layer}: ${stop.reason}`);
  }
  expect(faults).toEqual([]);
});

/** The lab's files are little-endian pcap; readers for all others have tests of their own. */
function* decodeFile(
  file: Buffer,
): Generator<{ number: number; stop: DecodedPacket["stop"] }, void> {
  const record = new CaptureRecord();
  const packet = new DecodedPacket();
  record.bytes = file;
  record.linktype = file.readUInt32LE(20) & 0xffff;
  for (let at = 24; at + 16 <= file.length; at += 16 + record.capturedLength) {
    record.number++;
    record.offset = at + 16;
    record.capturedLength = file.readUInt32LE(at + 8);
    record.originalLength = file.readUInt32LE(at + 12);
    if (record.offset + record.capturedLength > file.length) return;
    decodeRecord(record, packet);
    yield { number: record.number, stop: packet.stop };
  }
}
