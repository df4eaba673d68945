import { decodeRecord } from "#observed/decode/decode-record.js";
import { DecodedPacket } from "#observed/decode/packet.js";
import { expect, test } from "vitest";
import { concat, uint8 } from "../../support/packet-bytes.js";
import { buildEthernet } from "../../support/packet-link.js";
import { buildIpv4, buildIpv6, PROTOCOL } from "../../support/packet-network.js";
import { buildIcmp, buildTcp, buildUdp } from "../../support/packet-transport.js";
import { buildGre, buildVxlan } from "../../support/packet-tunnel.js";
import { decode, describeStop, ipOf, LINKTYPE, recordOf } from "../../support/packet-record.js";

const linktype = LINKTYPE.ipv4;

const quoting = (quote: Uint8Array, rest = uint8(0, 0, 0, 0)) =>
  decode(buildIpv4({ protocol: PROTOCOL.icmp }, buildIcmp({ type: 3, rest }, quote)), { linktype });

const SEGMENT = buildIpv4({}, buildTcp({ seq: 9 }, new Uint8Array(100)));

test.each([0, 10, 19])("a quote of %i bytes shows nothing, and is no stop", (length) => {
  const decoded = quoting(SEGMENT.subarray(0, length));
  expect(decoded.stop).toBeUndefined();
  expect(ipOf(decoded).quoted).toBeUndefined();
});

test.each([
  [20, { hasTransport: false }],
  [27, { hasTransport: false }],
  [28, { hasTransport: true, sourcePort: 40000, seq: 9, flags: 0 }],
  [40, { hasTransport: true, seq: 9, flags: 16, payloadLength: 100, payloadCaptured: 0 }],
  [60, { payloadLength: 100, payloadCaptured: 20 }],
])("a quote of %i bytes is read as far as it goes", (length, fields) => {
  const decoded = quoting(SEGMENT.subarray(0, length));
  expect(decoded.stop).toBeUndefined();
  expect(ipOf(decoded).quoted).toMatchObject(fields);
});

/** RFC 4884 §4.1: the quote's length in 4-byte words. Behind it, an extension header. */
const QUOTE_LENGTH = uint8(0, 32, 0, 0);
const EXTENSION = uint8(0x20, 0, 0, 0, 0, 8, 1, 1, 0, 1, 0, 1);

test("extensions behind the quote are none of it", () => {
  const decoded = quoting(concat(SEGMENT.subarray(0, 128), EXTENSION), QUOTE_LENGTH);
  expect(ipOf(decoded).quoted).toMatchObject({ seq: 9, payloadCaptured: 88, payloadLength: 100 });
});

test("nor are the zeros that fill up a short one", () => {
  const short = buildIpv4({}, buildTcp({ seq: 9 }));
  const decoded = quoting(concat(short, new Uint8Array(88), EXTENSION), QUOTE_LENGTH);
  expect(decoded.stop).toBeUndefined();
  expect(ipOf(decoded).quoted).toMatchObject({ seq: 9, payloadCaptured: 0, payloadLength: 0 });
});

test("a tunnel in a quote is not entered", () => {
  const frame = buildEthernet({}, SEGMENT);
  const vxlan = buildUdp({ destinationPort: 4789 }, buildVxlan({}, frame));
  for (const quote of [
    buildIpv4({ protocol: PROTOCOL.udp }, vxlan),
    buildIpv4({ protocol: PROTOCOL.gre }, buildGre({}, SEGMENT)),
    buildIpv4({ protocol: PROTOCOL.ipip }, SEGMENT),
    buildIpv4({ protocol: PROTOCOL.esp }, new Uint8Array(20)),
  ]) {
    const decoded = quoting(quote);
    expect(decoded).toMatchObject({ depth: 1, stop: undefined });
    expect(ipOf(decoded).quoted?.tunnel).toBeUndefined();
  }
});

test("an error that quotes an error stops there", () => {
  const inner = buildIcmp({ type: 11 }, SEGMENT);
  const ip = ipOf(quoting(buildIpv4({ protocol: PROTOCOL.icmp }, inner)));
  expect(ip.quoted).toMatchObject({ icmpType: 11, quoted: undefined });
});

test("IPv6 quoted in ICMP", () => {
  expect(ipOf(quoting(buildIpv6({}, buildTcp({})))).quoted).toMatchObject({ version: 6 });
});

test("a quote that is no IP packet is its sender's doing", () => {
  const decoded = quoting(new Uint8Array(28));
  expect(describeStop(decoded)).toBe("malformed IP header at byte 28: version is neither 4 nor 6");
  expect(ipOf(decoded)).toMatchObject({ icmpType: 3, quoted: undefined });
});

test("the quoted packet is made once, and belongs to its packet", () => {
  const error = buildIpv4({ protocol: PROTOCOL.icmp }, buildIcmp({ type: 3 }, SEGMENT));
  const [one, other] = [new DecodedPacket(), new DecodedPacket()];
  decodeRecord(recordOf(error, { linktype }), one);
  const quoted = ipOf(one).quoted;
  decodeRecord(recordOf(SEGMENT, { linktype }), one);
  expect(ipOf(one).quoted).toBeUndefined();
  decodeRecord(recordOf(error, { linktype }), one);
  decodeRecord(recordOf(error, { linktype }), other);
  expect(ipOf(one).quoted).toBe(quoted);
  expect(ipOf(other).quoted).not.toBe(quoted);
});
