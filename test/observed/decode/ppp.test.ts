import { describe, expect, test } from "vitest";
import { concat, fromHex, uint8 } from "../../support/packet-bytes.js";
import { decode, ipOf, LINKTYPE } from "../../support/packet-record.js";
import { testRobustness } from "../../support/packet-robustness.js";

// IP 10.0.0.1.40000 > 10.0.0.2.80: Flags [P.], seq 100:104, ack 200, win 512, options [nop,nop,TS
// val 5000 ecr 4000], length 4: HTTP
const PPP = fromHex(`
  ff03 0021 4500 0038 1c46 4000 4006 0a78
  0a00 0001 0a00 0002 9c40 0050 0000 0064
  0000 00c8 8018 0200 0000 0000 0101 080a
  0000 1388 0000 0fa0 7069 6e67
`);

// IP 10.0.0.1.40000 > 10.0.0.2.80: Flags [P.], seq 100:104, ack 200, win 512, options [nop,nop,TS
// val 5000 ecr 4000], length 4: HTTP
const CISCO = fromHex(`
  0f00 0800 4500 0038 1c46 4000 4006 0a78
  0a00 0001 0a00 0002 9c40 0050 0000 0064
  0000 00c8 8018 0200 0000 0000 0101 080a
  0000 1388 0000 0fa0 7069 6e67
`);

describe("PPP", () => {
  testRobustness(PPP, { linktype: LINKTYPE.ppp });
});
describe("PPP in HDLC", () => {
  testRobustness(PPP, { linktype: LINKTYPE.pppHdlc });
});
describe("Cisco HDLC", () => {
  testRobustness(CISCO, { linktype: LINKTYPE.pppHdlc });
});

const FOUR = PPP.subarray(4);

test.each([
  ["with HDLC's address and control", PPP, LINKTYPE.ppp],
  ["without", concat(uint8(0x00, 0x21), FOUR), LINKTYPE.ppp],
  ["with a compressed protocol field", concat(uint8(0x21), FOUR), LINKTYPE.ppp],
  ["in HDLC", PPP, LINKTYPE.pppHdlc],
  ["Cisco's broadcast", concat(uint8(0x8f, 0, 8, 0), FOUR), LINKTYPE.pppHdlc],
])("%s", (_, bytes, linktype) => {
  expect(ipOf(decode(bytes, { linktype }))).toMatchObject({ version: 4, destinationPort: 80 });
});

test("MPLS over PPP", () => {
  const bytes = concat(uint8(0x02, 0x81, 0, 0x01, 0x01, 64), FOUR);
  expect(ipOf(decode(bytes, { linktype: LINKTYPE.ppp })).destinationPort).toBe(80);
});

test("another framing is ours not to read", () => {
  const decoded = decode(concat(uint8(0x12, 0x34, 0, 0), FOUR), { linktype: LINKTYPE.pppHdlc });
  expect(decoded.stop).toMatchObject({
    kind: "unsupported",
    layer: "PPP framing",
    reason: "address and control 0x1234",
  });
});
