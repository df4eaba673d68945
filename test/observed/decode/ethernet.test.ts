import { expect, test } from "vitest";
import { concat, fromHex, uint16 } from "../../support/packet-bytes.js";
import { buildEthernet, ETHER_TYPE } from "../../support/packet-link.js";
import { buildIpv4 } from "../../support/packet-network.js";
import { buildTcp } from "../../support/packet-transport.js";
import { decode, describeStop, ipOf } from "../../support/packet-record.js";
import { testRobustness } from "../../support/packet-robustness.js";

// IP 10.0.0.1.40000 > 10.0.0.2.80: Flags [P.], seq 100:104, ack 200, win 512, options [nop,nop,TS
// val 5000 ecr 4000], length 4: HTTP
const ETHERNET = fromHex(`
  0200 0000 0002 0200 0000 0001 0800 4500
  0038 1c46 4000 4006 0a78 0a00 0001 0a00
  0002 9c40 0050 0000 0064 0000 00c8 8018
  0200 0000 0000 0101 080a 0000 1388 0000
  0fa0 7069 6e67
`);

testRobustness(ETHERNET);

test("leads to what the EtherType says", () => {
  const decoded = decode(ETHERNET);
  expect(decoded.depth).toBe(1);
  expect(ipOf(decoded)).toMatchObject({ version: 4, sourcePort: 40000, destinationPort: 80 });
});

test("padding of a short frame is no payload", () => {
  const frame = buildEthernet({ padding: 6 }, buildIpv4({}, buildTcp({})));
  expect(ipOf(decode(frame))).toMatchObject({ payloadCaptured: 0, payloadLength: 0 });
});

test.each([
  [0x88cc, "EtherType 0x88cc (LLDP)"],
  [0x8863, "EtherType 0x8863 (PPPoE discovery)"],
  [0x1234, "EtherType 0x1234"],
])("EtherType %i is ours not to read", (etherType, reason) => {
  const { stop } = decode(buildEthernet({ etherType }, new Uint8Array(46)));
  expect(stop).toEqual({ kind: "unsupported", layer: "EtherType", offset: 14, reason });
});

test("a length instead of a type is an LLC frame", () => {
  const decoded = decode(buildEthernet({ etherType: 38 }, new Uint8Array(46)));
  expect(describeStop(decoded)).toBe(
    "unsupported LLC header at byte 14: 802.3 length field, LLC (IEEE 802.2)",
  );
});

test("a frame that never was longer is its sender's doing, not the capture's", () => {
  const runt = ETHERNET.subarray(0, 10);
  expect(describeStop(decode(runt))).toBe(
    "malformed Ethernet header at byte 0: needs 14 bytes, the original length leaves fewer",
  );
  expect(describeStop(decode(runt, { originalLength: 60 }))).toBe(
    "truncated Ethernet header at byte 0: needs 14 bytes, the captured length leaves fewer",
  );
});

test("an Ethernet frame in an EtherType is read through", () => {
  const frame = concat(ETHERNET.subarray(0, 12), uint16(ETHER_TYPE.ethernet), ETHERNET);
  expect(ipOf(decode(frame)).destinationPort).toBe(80);
});

test("stops read alike for each packet, so that they can be counted", () => {
  const frame = buildEthernet({ etherType: 0x88cc }, new Uint8Array(46));
  expect(decode(frame).stop?.reason).toBe(decode(frame).stop?.reason);
});
