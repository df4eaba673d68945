import { describe, expect, test } from "vitest";
import { fromHex } from "../../support/packet-bytes.js";
import { buildIpv4, PROTOCOL } from "../../support/packet-network.js";
import { buildIcmp, buildTcp } from "../../support/packet-transport.js";
import { decode, describeStop, ipOf, LINKTYPE } from "../../support/packet-record.js";
import { testRobustness } from "../../support/packet-robustness.js";

const linktype = LINKTYPE.ipv4;

// IP 10.0.0.1 > 10.0.0.2: ICMP echo request, id 77, seq 3, length 12
const ECHO = fromHex(`
  4500 0020 0001 0000 4001 66da 0a00 0001
  0a00 0002 0800 0000 004d 0003 7069 6e67
`);

// IP 10.0.0.9 > 10.0.0.1: ICMP 10.0.0.2 unreachable - need to frag (mtu 1450), length 36
const UNREACHABLE = fromHex(`
  4500 0038 0001 0000 4001 66bb 0a00 0009
  0a00 0001 0304 0000 0000 05aa 4500 05dc
  1c46 4000 4006 04d4 0a00 0001 0a00 0002
  9c40 0050 4d3c 2b1a
`);

describe("echo", () => {
  testRobustness(ECHO, { linktype });
});
describe("unreachable", () => {
  testRobustness(UNREACHABLE, { linktype });
});

test("an echo request's identifier and sequence number", () => {
  const ip = ipOf(decode(ECHO, { linktype }));
  expect(ip).toMatchObject({
    hasTransport: true,
    icmpType: 8,
    icmpCode: 0,
    icmpId: 77,
    icmpSeq: 3,
  });
  expect(ip).toMatchObject({ sourcePort: 0, destinationPort: 0, payloadLength: 4 });
  expect(ip.quoted).toBeUndefined();
});

test("an error quotes the packet it is about", () => {
  const decoded = decode(UNREACHABLE, { linktype });
  expect(decoded).toMatchObject({ depth: 1, stop: undefined });
  const { quoted, ...error } = ipOf(decoded);
  expect(error).toMatchObject({ icmpType: 3, icmpCode: 4, icmpId: 0, icmpSeq: 0 });
  expect(quoted).toMatchObject({
    id: 0x1c46,
    protocol: PROTOCOL.tcp,
    hasTransport: true,
    sourcePort: 40000,
    destinationPort: 80,
    seq: 0x4d3c2b1a,
    flags: 0,
  });
  expect([...(quoted?.destination ?? [])]).toEqual([0, 0, 0, 0x0a000002]);
});

test.each([3, 4, 5, 11, 12])("type %i quotes", (type) => {
  const packet = buildIcmp({ type }, buildIpv4({}, buildTcp({ seq: 9 })));
  const ip = ipOf(decode(buildIpv4({ protocol: PROTOCOL.icmp }, packet), { linktype }));
  expect(ip.quoted).toMatchObject({ destinationPort: 80, seq: 9 });
});

test("cut in the quote by the capture, it says so", () => {
  const decoded = decode(UNREACHABLE, { linktype, capturedLength: UNREACHABLE.length - 1 });
  expect(describeStop(decoded)).toBe(
    "truncated TCP header at byte 48: needs 20 bytes, the captured length leaves fewer",
  );
  expect(ipOf(decoded).quoted).toMatchObject({ protocol: PROTOCOL.tcp, hasTransport: false });
});

test("type and code alone", () => {
  const decoded = decode(UNREACHABLE, { linktype, capturedLength: 22 });
  expect(ipOf(decoded)).toMatchObject({ hasTransport: true, icmpType: 3, icmpCode: 4 });
  expect(decoded.stop).toMatchObject({ kind: "truncated", layer: "ICMP header" });
});
