import { describe, expect, test } from "vitest";
import { concat, fromHex, uint32, uint8 } from "../../support/packet-bytes.js";
import { decode, ipOf, LINKTYPE } from "../../support/packet-record.js";
import { testRobustness } from "../../support/packet-robustness.js";

// IP 10.0.0.1.40000 > 10.0.0.2.80: Flags [P.], seq 100:104, ack 200, win 512, options [nop,nop,TS
// val 5000 ecr 4000], length 4: HTTP
const NULL = fromHex(`
  0200 0000 4500 0038 1c46 4000 4006 0a78
  0a00 0001 0a00 0002 9c40 0050 0000 0064
  0000 00c8 8018 0200 0000 0000 0101 080a
  0000 1388 0000 0fa0 7069 6e67
`);

// IP6 2001:db8::1.40000 > 2001:db8::2.80: Flags [P.], seq 100:104, ack 200, win 512, options
// [nop,nop,TS val 5000 ecr 4000], length 4: HTTP
const LOOP = fromHex(`
  0000 0018 6000 0000 0024 0640 2001 0db8
  0000 0000 0000 0000 0000 0001 2001 0db8
  0000 0000 0000 0000 0000 0002 9c40 0050
  0000 0064 0000 00c8 8018 0200 0000 0000
  0101 080a 0000 1388 0000 0fa0 7069 6e67
`);

describe("NULL", () => {
  testRobustness(NULL, { linktype: LINKTYPE.null });
});
describe("LOOP", () => {
  testRobustness(LOOP, { linktype: LINKTYPE.loop });
});

const FOUR = NULL.subarray(4);
const SIX = LOOP.subarray(4);

test.each([
  ["AF_INET of a little-endian machine", uint8(2, 0, 0, 0), FOUR, 4],
  ["AF_INET of a big-endian machine", uint32(2), FOUR, 4],
  ["AF_INET6 of Linux", uint8(10, 0, 0, 0), SIX, 6],
  ["AF_INET6 of NetBSD and OpenBSD", uint32(24), SIX, 6],
  ["AF_INET6 of FreeBSD", uint8(28, 0, 0, 0), SIX, 6],
  ["AF_INET6 of Darwin", uint8(30, 0, 0, 0), SIX, 6],
])("%s", (_, family, packet, version) => {
  const decoded = decode(concat(family, packet), { linktype: LINKTYPE.null });
  expect(ipOf(decoded)).toMatchObject({ version, destinationPort: 80 });
});

test("another family is ours not to read", () => {
  const decoded = decode(concat(uint8(7, 0, 0, 0), FOUR), { linktype: LINKTYPE.null });
  expect(decoded.stop).toEqual({
    kind: "unsupported",
    layer: "BSD loopback header",
    offset: 0,
    reason: "address family 7",
  });
});
