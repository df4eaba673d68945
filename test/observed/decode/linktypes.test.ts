import { LINK_TYPES } from "#observed/decode/linktypes.js";
import { DIRECTION } from "#observed/capture/record.js";
import { describe, expect, test } from "vitest";
import { fromHex } from "../../support/packet-bytes.js";
import { buildIpv4 } from "../../support/packet-network.js";
import { buildTcp } from "../../support/packet-transport.js";
import { decode, describeStop, ipOf, LINKTYPE } from "../../support/packet-record.js";
import { testRobustness } from "../../support/packet-robustness.js";

// IP6 2001:db8::1.40000 > 2001:db8::2.9: UDP, length 4
const RAW = fromHex(`
  6000 0000 000c 1140 2001 0db8 0000 0000
  0000 0000 0000 0001 2001 0db8 0000 0000
  0000 0000 0000 0002 9c40 0009 000c 0000
  7069 6e67
`);

const FOUR = buildIpv4({}, buildTcp({}));

describe.each([LINKTYPE.raw, 12, 14, LINKTYPE.ipv6])("IPv6 as link type %i", (linktype) => {
  testRobustness(RAW, { linktype });
});

test.each([LINKTYPE.raw, 12, 14, LINKTYPE.ipv4])("IPv4 as link type %i", (linktype) => {
  expect(ipOf(decode(FOUR, { linktype }))).toMatchObject({ version: 4, destinationPort: 80 });
});

test.each([
  [LINKTYPE.ipv4, RAW, "malformed IPv4 header at byte 0: version is not 4"],
  [LINKTYPE.ipv6, FOUR, "malformed IPv6 header at byte 0: version is not 6"],
  [LINKTYPE.raw, Uint8Array.of(0x75), "malformed IP header at byte 0: version is neither 4 nor 6"],
])("link type %i with the wrong version", (linktype, packet, stop) => {
  const decoded = decode(packet, { linktype });
  expect(describeStop(decoded)).toBe(stop);
  expect(decoded.depth).toBe(0);
});

test.each([
  [195, "link type 195 (IEEE802_15_4_WITHFCS)"],
  [105, "link type 105 (IEEE802_11)"],
  [4711, "link type 4711"],
])("link type %i is ours not to read", (linktype, reason) => {
  const decoded = decode(FOUR, { linktype });
  expect(decoded.stop).toEqual({ kind: "unsupported", layer: "link type", offset: 0, reason });
});

test("the file's direction stays where the link layer has none", () => {
  const decoded = decode(FOUR, { linktype: LINKTYPE.raw, direction: DIRECTION.out });
  expect(decoded.direction).toBe(DIRECTION.out);
});

test("no value is listed twice", () => {
  const values = LINK_TYPES.map(({ value }) => value);
  expect(new Set(values).size).toBe(values.length);
});
