import { expect, test } from "vitest";
import { concat, fromHex, uint16, uint8 } from "../../support/packet-bytes.js";
import { buildEthernet, buildPppoe, ETHER_TYPE } from "../../support/packet-link.js";
import { buildIpv4, buildIpv6 } from "../../support/packet-network.js";
import { buildTcp } from "../../support/packet-transport.js";
import { buildVxlanPacket } from "../../support/packet-tunnel.js";
import { decode, describeStop, ipOf } from "../../support/packet-record.js";
import { testRobustness } from "../../support/packet-robustness.js";

// PPPoE  [ses 0x1] IP 10.0.0.1.40000 > 10.0.0.2.80: Flags [P.], seq 100:104, ack 200, win 512,
// options [nop,nop,TS val 5000 ecr 4000], length 4: HTTP
const PPPOE = fromHex(`
  0200 0000 0002 0200 0000 0001 8864 1100
  0001 003a 0021 4500 0038 1c46 4000 4006
  0a78 0a00 0001 0a00 0002 9c40 0050 0000
  0064 0000 00c8 8018 0200 0000 0000 0101
  080a 0000 1388 0000 0fa0 7069 6e67
`);

testRobustness(PPPOE);

const inPppoe = (payload: Uint8Array) => buildEthernet({ etherType: ETHER_TYPE.pppoe }, payload);

test("IPv4 and IPv6 in a session", () => {
  expect(ipOf(decode(PPPOE))).toMatchObject({ version: 4, destinationPort: 80 });
  const six = inPppoe(buildPppoe({ protocol: 0x0057 }, buildIpv6({}, buildTcp({}))));
  expect(ipOf(decode(six))).toMatchObject({ version: 6, destinationPort: 80 });
});

test.each([
  [0xc021, "PPP protocol 0xc021 (LCP)"],
  [0x8021, "PPP protocol 0x8021 (IPCP)"],
  [0x0066, "PPP protocol 0x0066"],
])("PPP protocol %i is ours not to read", (protocol, reason) => {
  const { stop } = decode(inPppoe(buildPppoe({ protocol }, new Uint8Array(8))));
  expect(stop).toEqual({ kind: "unsupported", layer: "PPP protocol", offset: 20, reason });
});

test("its length ends the packet, not the frame's padding", () => {
  const short = buildPppoe({ length: 12 }, buildIpv4({}, buildTcp({})));
  expect(describeStop(decode(inPppoe(short)))).toBe(
    "malformed IPv4 header at byte 22: needs 20 bytes, the PPPoE length leaves fewer",
  );
});

test.each([
  ["other version", uint8(0x21, 0), "unsupported"],
  ["discovery's code", uint8(0x11, 9), "malformed"],
])("%s", (_, start, kind) => {
  const { stop } = decode(inPppoe(concat(start, uint16(1, 2, 0x0021))));
  expect(stop).toMatchObject({ kind, layer: "PPPoE header", offset: 14 });
});

test("its length may not be beyond the tunnel it is in", () => {
  const frame = inPppoe(buildPppoe({ length: 999 }, buildIpv4({}, buildTcp({}))));
  const decoded = decode(buildEthernet({}, buildVxlanPacket({}, frame)));
  expect(decoded).toMatchObject({
    depth: 1,
    stop: { layer: "PPPoE header", reason: "length is beyond what carries the packet" },
  });
});
