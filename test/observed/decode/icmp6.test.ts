import { describe, expect, test } from "vitest";
import { fromHex } from "../../support/packet-bytes.js";
import { buildIpv6, PROTOCOL } from "../../support/packet-network.js";
import { buildIcmp, buildTcp } from "../../support/packet-transport.js";
import { decode, ipOf, LINKTYPE } from "../../support/packet-record.js";
import { testRobustness } from "../../support/packet-robustness.js";

const linktype = LINKTYPE.ipv6;

// IP6 2001:db8::1 > 2001:db8::2: ICMP6, echo request, id 77, seq 3, length 12
const ECHO6 = fromHex(`
  6000 0000 000c 3a40 2001 0db8 0000 0000
  0000 0000 0000 0001 2001 0db8 0000 0000
  0000 0000 0000 0002 8000 0000 004d 0003
  7069 6e67
`);

// IP6 2001:db8::9 > 2001:db8::1: ICMP6, packet too big, mtu 1280, length 84
const TOO_BIG = fromHex(`
  6000 0000 0054 3a40 2001 0db8 0000 0000
  0000 0000 0000 0009 2001 0db8 0000 0000
  0000 0000 0000 0001 0200 0000 0000 0500
  6000 0000 0024 0640 2001 0db8 0000 0000
  0000 0000 0000 0001 2001 0db8 0000 0000
  0000 0000 0000 0002 9c40 0050 0000 0064
  0000 00c8 8018 0200 0000 0000 0101 080a
  0000 1388 0000 0fa0 7069 6e67
`);

describe("echo", () => {
  testRobustness(ECHO6, { linktype });
});
describe("packet too big", () => {
  testRobustness(TOO_BIG, { linktype });
});

test("an echo request's identifier and sequence number", () => {
  const ip = ipOf(decode(ECHO6, { linktype }));
  expect(ip).toMatchObject({ icmpType: 128, icmpId: 77, icmpSeq: 3, payloadLength: 4 });
});

test.each([1, 2, 3, 4])("type %i quotes", (type) => {
  const packet = buildIcmp({ type }, buildIpv6({}, buildTcp({ seq: 9 })));
  const ip = ipOf(decode(buildIpv6({ nextHeader: PROTOCOL.icmp6 }, packet), { linktype }));
  expect(ip.quoted).toMatchObject({ version: 6, destinationPort: 80, seq: 9 });
});

test("neighbour discovery is type and code", () => {
  const solicitation = buildIcmp({ type: 135 }, new Uint8Array(24));
  const decoded = decode(buildIpv6({ nextHeader: PROTOCOL.icmp6 }, solicitation), { linktype });
  expect(decoded.stop).toBeUndefined();
  expect(ipOf(decoded)).toMatchObject({ icmpType: 135, icmpId: 0, quoted: undefined });
});
