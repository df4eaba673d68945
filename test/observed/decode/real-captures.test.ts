/** What a real kernel sent is never malformed, whatever else we fail to read of it. */
import { readCapture } from "#observed/capture/read-capture.js";
import { decodeRecord } from "#observed/decode/decode-record.js";
import { DecodedPacket } from "#observed/decode/packet.js";
import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { blockSource } from "../../support/capture-read.js";

const FOLDER = new URL("../../../captures/", import.meta.url);

const files = readdirSync(FOLDER, { recursive: true, encoding: "utf8" })
  .filter((name) => /\.(pcap|pcapng)$/.test(name))
  .sort();

test("there are captures to read", () => {
  expect(files.length).toBeGreaterThan(0);
});

test.each(files)("%s", (name) => {
  const faults: string[] = [];
  const packet = new DecodedPacket();
  readCapture(blockSource(readFileSync(new URL(name, FOLDER)), name), (record) => {
    decodeRecord(record, packet);
    const { stop } = packet;
    if (stop?.kind === "malformed") faults.push(`${record.number}: ${stop.layer}: ${stop.reason}`);
  });
  expect(faults).toEqual([]);
});
