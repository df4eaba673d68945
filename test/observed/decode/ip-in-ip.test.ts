import { describe, expect, test } from "vitest";
import { fromHex } from "../../support/packet-bytes.js";
import { buildIpv6, PROTOCOL } from "../../support/packet-network.js";
import { buildTcp } from "../../support/packet-transport.js";
import { decode, ipOf, LINKTYPE } from "../../support/packet-record.js";
import { testRobustness } from "../../support/packet-robustness.js";

const linktype = LINKTYPE.raw;

// IP 192.0.2.1 > 192.0.2.2: IP 10.0.0.1.40000 > 10.0.0.2.80: Flags [P.], seq 100:104, ack 200, win
// 512, options [nop,nop,TS val 5000 ecr 4000], length 4: HTTP
const IPIP = fromHex(`
  4500 004c 0001 0000 4004 f6a9 c000 0201
  c000 0202 4500 0038 1c46 4000 4006 0a78
  0a00 0001 0a00 0002 9c40 0050 0000 0064
  0000 00c8 8018 0200 0000 0000 0101 080a
  0000 1388 0000 0fa0 7069 6e67
`);

// IP 192.0.2.1 > 192.0.2.2: IP6 2001:db8::1.40000 > 2001:db8::2.80: Flags [P.], seq 100:104, ack
// 200, win 512, options [nop,nop,TS val 5000 ecr 4000], length 4: HTTP
const SIXINFOUR = fromHex(`
  4500 0060 0001 0000 4029 f670 c000 0201
  c000 0202 6000 0000 0024 0640 2001 0db8
  0000 0000 0000 0000 0000 0001 2001 0db8
  0000 0000 0000 0000 0000 0002 9c40 0050
  0000 0064 0000 00c8 8018 0200 0000 0000
  0101 080a 0000 1388 0000 0fa0 7069 6e67
`);

// IP6 2001:db8::1 > 2001:db8::2: IP 10.0.0.1.40000 > 10.0.0.2.80: Flags [P.], seq 100:104, ack
// 200, win 512, options [nop,nop,TS val 5000 ecr 4000], length 4: HTTP
const FOURINSIX = fromHex(`
  6000 0000 0038 0440 2001 0db8 0000 0000
  0000 0000 0000 0001 2001 0db8 0000 0000
  0000 0000 0000 0002 4500 0038 1c46 4000
  4006 0a78 0a00 0001 0a00 0002 9c40 0050
  0000 0064 0000 00c8 8018 0200 0000 0000
  0101 080a 0000 1388 0000 0fa0 7069 6e67
`);

describe("IPv4 in IPv4", () => {
  testRobustness(IPIP, { linktype });
});
describe("IPv6 in IPv4", () => {
  testRobustness(SIXINFOUR, { linktype });
});
describe("IPv4 in IPv6", () => {
  testRobustness(FOURINSIX, { linktype });
});

const SIXINSIX = buildIpv6({ nextHeader: PROTOCOL.ipv6 }, buildIpv6({}, buildTcp({})));

test.each([
  ["ipip", IPIP, 4, 4],
  ["6in4", SIXINFOUR, 4, 6],
  ["4in6", FOURINSIX, 6, 4],
  // The kind says nothing that the two versions do not; Linux's ip6ip6 goes with ipip.
  ["ipip", SIXINSIX, 6, 6],
])("%s", (tunnel, packet, outer, inner) => {
  const decoded = decode(packet, { linktype });
  expect(ipOf(decoded, 0)).toMatchObject({ version: outer, tunnel: undefined });
  expect(ipOf(decoded, 1)).toMatchObject({ version: inner, tunnel, tunnelId: 0 });
  expect(ipOf(decoded, 1).destinationPort).toBe(80);
});
