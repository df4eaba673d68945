/** Recorded packets: what their checksums are told to be, and after a byte has changed. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import type { ChecksumKind } from "#observed/coverage/checksum.js";
import { PacketTally } from "#observed/coverage/packet-tally.js";
import { readCapture } from "#observed/capture/read-capture.js";
import { decodeRecord } from "#observed/decode/decode-record.js";
import { DecodedPacket } from "#observed/decode/packet.js";
import { blockSource } from "../../support/capture-read.js";

function countsOf(bytes: Uint8Array) {
  const tally = new PacketTally();
  const packet = new DecodedPacket();
  readCapture(blockSource(bytes), (record) => {
    decodeRecord(record, packet);
    tally.add(record, packet);
  });
  return tally.counts();
}

const bytesOf = (path: string): Uint8Array => readFileSync(`captures/${path}.pcap`);

const some = (told: Partial<Record<ChecksumKind, number>>): Record<ChecksumKind, number> => ({
  valid: 0,
  partial: 0,
  none: 0,
  wrong: 0,
  unread: 0,
  ...told,
});

// prettier-ignore
test.each([
  // A SYN with its sum left to the device, and the RST that the kernel sends finished.
  { path: "broken-no-dnat/node1.eth0",    told: some({ valid: 2, partial: 2 }) },
  { path: "hostport-external/node1.eth0", told: some({ partial: 20 }) },
])("$path", ({ path, told }) => {
  expect(countsOf(bytesOf(path)).checksums).toEqual(told);
});

test("a byte of a finished packet changed makes it wrong, and only that packet", () => {
  const bytes = Uint8Array.from(bytesOf("broken-no-dnat/node1.eth0"));
  // The last byte of the file is of the last RST's TCP header.
  bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 0xff;
  expect(countsOf(bytes).checksums).toEqual(some({ valid: 1, partial: 2, wrong: 1 }));
});

test("segments longer than Ethernet carries are counted, with the longest", () => {
  const { superPackets, longest, tcp } = countsOf(bytesOf("hostport-external/node1.eth0"));
  expect({ superPackets, longest, tcp }).toEqual({ superPackets: 0, longest: 0, tcp: 20 });
});
