import { expect, test } from "vitest";
import { concat, fromHex, uint16, uint8 } from "../../support/packet-bytes.js";
import { buildNflog, buildNflogAttribute } from "../../support/packet-link.js";
import { buildIpv6 } from "../../support/packet-network.js";
import { buildTcp } from "../../support/packet-transport.js";
import { decode, describeStop, ipOf, LINKTYPE } from "../../support/packet-record.js";
import { testRobustness } from "../../support/packet-robustness.js";

const linktype = LINKTYPE.nflog;

// IP 10.0.0.1.40000 > 10.0.0.2.80: Flags [P.], seq 100:104, ack 200, win 512, options [nop,nop,TS
// val 5000 ecr 4000], length 4: HTTP
const NFLOG = fromHex(`
  0200 001e 0800 0100 0800 0000 0500 0a00
  0000 0000 3c00 0900 4500 0038 1c46 4000
  4006 0a78 0a00 0001 0a00 0002 9c40 0050
  0000 0064 0000 00c8 8018 0200 0000 0000
  0101 080a 0000 1388 0000 0fa0 7069 6e67
`);

testRobustness(NFLOG, { linktype });

test("finds the packet among the attributes", () => {
  expect(ipOf(decode(NFLOG, { linktype }))).toMatchObject({ version: 4, destinationPort: 80 });
});

test("IPv6", () => {
  const packet = buildNflog(buildIpv6({}, buildTcp({})));
  expect(ipOf(decode(packet, { linktype }))).toMatchObject({ version: 6, destinationPort: 80 });
});

test("written on a big-endian machine", () => {
  const packet = buildIpv6({}, buildTcp({}));
  const attributes = concat(uint16(5, 10), uint8(0, 0, 0, 0), uint16(packet.length + 4, 9), packet);
  const bytes = concat(uint8(10, 0, 0, 30), attributes);
  expect(ipOf(decode(bytes, { linktype }))).toMatchObject({ version: 6, destinationPort: 80 });
});

test.each([
  ["version 1", uint8(2, 1, 0, 30), "unsupported NFLOG header at byte 0: version is not 0"],
  [
    "attribute of 3 bytes",
    concat(uint8(2, 0, 0, 30), uint8(3, 0, 9, 0)),
    "malformed NFLOG attribute at byte 4: length is below 4 bytes or beyond the record",
  ],
  [
    "no packet",
    concat(uint8(2, 0, 0, 30), buildNflogAttribute(10, uint8(0))),
    "unsupported NFLOG attribute at byte 12: none of them is the packet's",
  ],
])("%s", (_, bytes, stop) => {
  expect(describeStop(decode(bytes, { linktype }))).toBe(stop);
});

test("attributes have a bound", () => {
  const attributes = Array.from({ length: 70 }, () => buildNflogAttribute(10, uint8(0)));
  const bytes = concat(uint8(2, 0, 0, 30), ...attributes);
  expect(decode(bytes, { linktype }).stop?.reason).toBe("more than 64 in a record");
});
