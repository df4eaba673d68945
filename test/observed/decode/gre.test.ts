import { expect, test } from "vitest";
import { fromHex } from "../../support/packet-bytes.js";
import { buildEthernet, ETHER_TYPE } from "../../support/packet-link.js";
import { buildIpv4, buildIpv6, PROTOCOL } from "../../support/packet-network.js";
import { buildTcp } from "../../support/packet-transport.js";
import { buildGre } from "../../support/packet-tunnel.js";
import { decode, describeStop, ipOf, LINKTYPE } from "../../support/packet-record.js";
import { testRobustness } from "../../support/packet-robustness.js";

const linktype = LINKTYPE.ipv4;

// IP 192.0.2.1 > 192.0.2.2: GREv0, key=0x9, seq 3, length 68: IP 10.0.0.1.40000 > 10.0.0.2.80:
// Flags [P.], seq 100:104, ack 200, win 512, options [nop,nop,TS val 5000 ecr 4000], length 4:
// HTTP
const GRE = fromHex(`
  4500 0058 0001 0000 402f f672 c000 0201
  c000 0202 3000 0800 0000 0009 0000 0003
  4500 0038 1c46 4000 4006 0a78 0a00 0001
  0a00 0002 9c40 0050 0000 0064 0000 00c8
  8018 0200 0000 0000 0101 080a 0000 1388
  0000 0fa0 7069 6e67
`);

testRobustness(GRE, { linktype });

const FOUR = buildIpv4({}, buildTcp({}));
const inIp = (gre: Uint8Array) => decode(buildIpv4({ protocol: PROTOCOL.gre }, gre), { linktype });

test.each([
  ["bare", {}, 0],
  ["checksum", { checksum: 7 }, 0],
  ["key", { key: 0xfedcba98 }, 0xfedcba98],
  ["sequence", { sequence: 5 }, 0],
  ["all", { checksum: 7, key: 9, sequence: 5 }, 9],
])("%s", (_, fields, tunnelId) => {
  const decoded = inIp(buildGre(fields, FOUR));
  expect(ipOf(decoded, 0)).toMatchObject({ protocol: PROTOCOL.gre, hasTransport: false });
  expect(ipOf(decoded, 1)).toMatchObject({ destinationPort: 80, tunnel: "gre", tunnelId });
});

test("Ethernet and IPv6 in it", () => {
  const frame = buildGre({ etherType: ETHER_TYPE.ethernet }, buildEthernet({}, FOUR));
  expect(ipOf(inIp(frame), 1)).toMatchObject({ version: 4, tunnel: "gre" });
  const six = buildGre({ etherType: ETHER_TYPE.ipv6 }, buildIpv6({}, buildTcp({})));
  expect(ipOf(inIp(six), 1)).toMatchObject({ version: 6, tunnel: "gre" });
});

test.each([
  [{ etherType: 0x88be }, "EtherType 0x88be (ERSPAN type II)"],
  [{ etherType: 0x22eb }, "EtherType 0x22eb (ERSPAN type III)"],
  [{ version: 1, etherType: 0x880b }, "version is not 0; 1 is PPTP's (RFC 2637)"],
])("%o is ours not to read", (fields, reason) => {
  const decoded = inIp(buildGre(fields, FOUR));
  expect(decoded).toMatchObject({ depth: 1, stop: { kind: "unsupported", reason } });
});

test("a packet too short for the fields its flags promise", () => {
  expect(describeStop(inIp(buildGre({ key: 1 }, FOUR).subarray(0, 6)))).toBe(
    "malformed GRE header at byte 20: needs 8 bytes, the IPv4 total length leaves fewer",
  );
});

test("source routing", () => {
  const routed = buildGre({}, FOUR);
  routed[0] = 0x40;
  expect(describeStop(inIp(routed))).toBe(
    "unsupported GRE header at byte 20: source routing (RFC 1701, left out of RFC 2784)",
  );
});
