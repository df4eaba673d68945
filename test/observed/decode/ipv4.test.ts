import { describe, expect, test } from "vitest";
import { concat, fromHex } from "../../support/packet-bytes.js";
import { buildIpv4, PROTOCOL } from "../../support/packet-network.js";
import { buildTcp, buildUdp } from "../../support/packet-transport.js";
import { decode, describeStop, ipOf, LINKTYPE } from "../../support/packet-record.js";
import { testRobustness } from "../../support/packet-robustness.js";

const linktype = LINKTYPE.ipv4;

// IP 10.0.0.1.40000 > 10.0.0.2.9: UDP, length 4
const IPV4 = fromHex(`
  4600 0024 0007 0000 3f11 d2bb 0a00 0001
  0a00 0002 9404 0000 9c40 0009 000c 0000
  7069 6e67
`);

// IP 10.0.0.1 > 10.0.0.2: ip-proto-17
const FRAGMENT = fromHex(`
  4500 0024 0007 20b9 4011 4607 0a00 0001
  0a00 0002 0001 0203 0405 0607 0809 0a0b
  0c0d 0e0f
`);

describe("with options", () => {
  testRobustness(IPV4, { linktype });
});
describe("fragment", () => {
  testRobustness(FRAGMENT, { linktype });
});

test("the header's fields", () => {
  const ip = ipOf(decode(IPV4, { linktype }));
  expect(ip).toMatchObject({
    version: 4,
    ttl: 63,
    id: 7,
    dontFragment: false,
    moreFragments: false,
    fragmentOffset: 0,
    protocol: PROTOCOL.udp,
    payloadLength: 4,
  });
  expect([...ip.source]).toEqual([0, 0, 0, 0x0a000001]);
  expect([...ip.destination]).toEqual([0, 0, 0, 0x0a000002]);
});

test("addresses above 2^31 are signed words", () => {
  const ip = ipOf(decode(buildIpv4({ source: "192.0.2.1" }, buildTcp({})), { linktype }));
  expect([...ip.source]).toEqual([0, 0, 0, 0xc0000201 | 0]);
});

test("a later fragment has no ports, and is no stop", () => {
  const decoded = decode(FRAGMENT, { linktype });
  expect(decoded.stop).toBeUndefined();
  expect(ipOf(decoded)).toMatchObject({
    id: 7,
    fragmentOffset: 1480,
    moreFragments: true,
    hasTransport: false,
    sourcePort: 0,
    payloadCaptured: 16,
    payloadLength: 16,
  });
});

test("a first fragment has ports, and a UDP length beyond it is no fault", () => {
  const first = buildUdp({ length: 4008 }, new Uint8Array(1472));
  const packet = buildIpv4({ protocol: PROTOCOL.udp, moreFragments: true }, first);
  const decoded = decode(packet, { linktype });
  expect(decoded.stop).toBeUndefined();
  expect(ipOf(decoded)).toMatchObject({ hasTransport: true, payloadLength: 1472 });
});

test("total length 0, as TSO and BIG TCP show it: the record ends the packet", () => {
  const packet = buildIpv4({ totalLength: 0 }, buildTcp({}, new Uint8Array(100)));
  const ip = ipOf(decode(packet, { linktype, originalLength: 70_000 }));
  expect(ip).toMatchObject({ payloadCaptured: 100, payloadLength: 70_000 - 40 });
});

test("total length beyond the capture, as snaplen and GSO show it", () => {
  const packet = buildIpv4({ totalLength: 65_000 }, buildTcp({}, new Uint8Array(60)));
  const decoded = decode(packet, { linktype });
  expect(decoded.stop).toBeUndefined();
  expect(ipOf(decoded)).toMatchObject({ payloadCaptured: 60, payloadLength: 64_960 });
});

test.each([
  ["header length 4 words", [0x44], "header length is below 20 bytes (RFC 791 §3.1)"],
  ["total length 19", [0x45, 0, 0, 19], "total length is below the header length"],
  ["version 5", [0x55], "version is not 4"],
])("%s", (_, start, reason) => {
  const packet = concat(Uint8Array.from(start), IPV4.subarray(start.length));
  const decoded = decode(packet, { linktype });
  expect(decoded).toMatchObject({ depth: 0, stop: { kind: "malformed", offset: 0, reason } });
});

test("options cut by the capture leave the addresses", () => {
  const decoded = decode(IPV4, { linktype, capturedLength: 22 });
  expect(describeStop(decoded)).toBe(
    "truncated IPv4 options at byte 22: the captured length ends inside",
  );
  expect(ipOf(decoded)).toMatchObject({ protocol: PROTOCOL.udp, hasTransport: false });
});

test.each([
  [89, "IP protocol 89 (OSPF)"],
  [50, "IP protocol 50 (ESP)"],
  [200, "IP protocol 200"],
])("protocol %i is ours not to read, and the IP header stays", (protocol, reason) => {
  const decoded = decode(buildIpv4({ protocol }, new Uint8Array(24)), { linktype });
  expect(decoded.stop).toEqual({ kind: "unsupported", layer: "IP protocol", offset: 20, reason });
  expect(ipOf(decoded)).toMatchObject({ protocol, payloadLength: 24, hasTransport: false });
});
