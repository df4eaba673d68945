/** What holds for every decoder and any bytes: registers the tests for one sample packet. */
import { DecodedPacket, MAX_NESTING, type IpPacket } from "#observed/decode/packet.js";
import type { CaptureRecord } from "#observed/capture/record.js";
import { decodeRecord } from "#observed/decode/decode-record.js";
import { expect, test } from "vitest";
import { filler } from "./packet-bytes.js";
import { buildEthernet } from "./packet-link.js";
import { buildIpv4, PROTOCOL } from "./packet-network.js";
import { buildIcmp, buildTcp, synOptions } from "./packet-transport.js";
import { buildVxlanPacket } from "./packet-tunnel.js";
import { decode, describeStop, recordOf, type RecordFields } from "./packet-record.js";

/**
 * The sample, which must decode without a stop, is cut at every length and has each of its first
 * `headerBytes` bytes set to several values.
 */
export function testRobustness(
  sample: Uint8Array,
  { headerBytes = sample.length, ...fields }: RecordFields & { headerBytes?: number } = {},
): void {
  test("decodes whole", () => {
    expect(describeStop(decode(sample, fields))).toBeUndefined();
  });

  test("cut at every length, it decodes or says that the capture cut it", () => {
    const whole = decode(sample, fields);
    for (let capturedLength = 0; capturedLength < sample.length; capturedLength++) {
      const cut = decode(sample, { ...fields, capturedLength });
      expect(cut.stop?.kind ?? "truncated", `cut to ${capturedLength}`).toBe("truncated");
      expect(violationsOf(sample, { ...fields, capturedLength })).toEqual([]);
      expectNothingInvented(cut, whole);
    }
  });

  test("with any byte of its headers changed, it decodes or stops", () => {
    const found: string[] = [];
    for (let at = 0; at < headerBytes; at++) {
      for (const value of valuesFor(sample[at] ?? 0)) {
        const changed = sample.slice();
        changed[at] = value;
        found.push(
          ...violationsOf(changed, fields).map((text) => `byte ${at} = ${value}: ${text}`),
        );
      }
    }
    expect(found).toEqual([]);
  });
}

function valuesFor(original: number): readonly number[] {
  const flips = [1, 2, 4, 8, 16, 32, 64, 128].map((bit) => original ^ bit);
  return [0x00, 0x45, 0xff, ...flips];
}

/**
 * What is wrong with the result for these bytes, as sentences; none is right. They are decoded in
 * two surroundings, and after other packets: none of that may be seen in the result. No assertions
 * in here: they would take most of the time.
 */
export function violationsOf(packet: Uint8Array, fields: RecordFields): readonly string[] {
  try {
    const alone = decode(packet, { ...fields, surroundings: 0x00 });
    for (const earlier of EARLIER) decodeRecord(earlier, REUSED);
    const record = recordOf(packet, { ...fields, surroundings: 0xff });
    decodeRecord(record, REUSED);
    const found = boundViolations(REUSED, record.offset + record.capturedLength);
    const isSame = JSON.stringify(toPlain(alone)) === JSON.stringify(toPlain(REUSED));
    return isSame ? found : [...found, "depends on what is around the packet or was before it"];
  } catch (error) {
    return [`throws ${String(error)}`];
  }
}

const REUSED = new DecodedPacket();

const SYN = buildTcp(
  { seq: 0x11111111, ack: 0x22222222, flags: 0x12, options: synOptions({ tsecr: 5 }) },
  filler(8),
);

/** Set every field that the packet after them must not find. */
const EARLIER: readonly CaptureRecord[] = [
  buildEthernet({}, buildVxlanPacket({}, buildEthernet({}, buildIpv4({ id: 7 }, SYN)))),
  buildEthernet(
    {},
    buildIpv4(
      { protocol: PROTOCOL.icmp },
      buildIcmp({ type: 3, code: 4 }, buildIpv4({ dontFragment: true }, SYN)),
    ),
  ),
].map((packet) => recordOf(packet));

/** The part of the result that is this record's, as data that compares. */
export function toPlain(decoded: DecodedPacket): unknown {
  const { ip, depth, ...rest } = decoded;
  return { ...rest, depth, ip: ip.slice(0, depth).map(plainIp) };
}

function plainIp(ip: IpPacket): unknown {
  const { source, destination, quoted, ...rest } = ip;
  return {
    ...rest,
    source: [...source],
    destination: [...destination],
    quoted: quoted && plainIp(quoted),
  };
}

function boundViolations(decoded: DecodedPacket, end: number): readonly string[] {
  const found: string[] = [];
  if (decoded.depth > MAX_NESTING) found.push("deeper than the list of packets");
  if (decoded.stop && decoded.stop.offset < 0) found.push("stops before the packet");
  for (const ip of decoded.ip.slice(0, decoded.depth)) {
    for (const packet of ip.quoted ? [ip, ip.quoted] : [ip]) {
      const { payloadOffset, payloadCaptured, payloadLength } = packet;
      if (payloadCaptured < 0) found.push("negative payload");
      if (payloadLength < payloadCaptured) found.push("more payload captured than there was");
      if (payloadOffset + payloadCaptured > end) found.push("payload beyond the packet");
    }
  }
  return found;
}

/** A cut packet shows the same addresses and ports as the whole one, or none. */
function expectNothingInvented(cut: DecodedPacket, whole: DecodedPacket): void {
  expect(cut.depth).toBeLessThanOrEqual(whole.depth);
  for (let level = 0; level < cut.depth; level++) {
    const [ours, truth] = [cut.ip[level], whole.ip[level]];
    if (!ours || !truth) throw new Error("depth counts packets");
    expectSameIdentity(ours, truth);
    if (ours.quoted && truth.quoted) expectSameIdentity(ours.quoted, truth.quoted);
  }
}

function expectSameIdentity(ours: IpPacket, truth: IpPacket): void {
  expect([...ours.source, ...ours.destination]).toEqual([...truth.source, ...truth.destination]);
  if (!ours.hasTransport) {
    expect([ours.sourcePort, ours.destinationPort, ours.icmpType]).toEqual([0, 0, 0]);
    return;
  }
  expect([ours.sourcePort, ours.destinationPort]).toEqual([
    truth.sourcePort,
    truth.destinationPort,
  ]);
  expect([ours.seq, ours.icmpType, ours.icmpCode]).toEqual([
    truth.seq,
    truth.icmpType,
    truth.icmpCode,
  ]);
}
