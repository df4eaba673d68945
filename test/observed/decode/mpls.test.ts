import { expect, test } from "vitest";
import { fromHex, uint32 } from "../../support/packet-bytes.js";
import { buildEthernet, buildMpls, ETHER_TYPE } from "../../support/packet-link.js";
import { buildIpv6 } from "../../support/packet-network.js";
import { buildTcp } from "../../support/packet-transport.js";
import { decode, describeStop, ipOf } from "../../support/packet-record.js";
import { testRobustness } from "../../support/packet-robustness.js";

// MPLS (label 16, tc 0, ttl 64) (label 17, tc 0, [S], ttl 64) IP 10.0.0.1.40000 > 10.0.0.2.80:
// Flags [P.], seq 100:104, ack 200, win 512, options [nop,nop,TS val 5000 ecr 4000], length 4:
// HTTP
const MPLS = fromHex(`
  0200 0000 0002 0200 0000 0001 8847 0001
  0040 0001 1140 4500 0038 1c46 4000 4006
  0a78 0a00 0001 0a00 0002 9c40 0050 0000
  0064 0000 00c8 8018 0200 0000 0000 0101
  080a 0000 1388 0000 0fa0 7069 6e67
`);

testRobustness(MPLS);

const inMpls = (labels: number[], payload: Uint8Array) =>
  buildEthernet({ etherType: ETHER_TYPE.mpls }, buildMpls({ labels }, payload));

test("IPv4 and IPv6 by their first bits", () => {
  expect(ipOf(decode(MPLS))).toMatchObject({ version: 4, destinationPort: 80 });
  const six = inMpls([2], buildIpv6({}, buildTcp({})));
  expect(ipOf(decode(six))).toMatchObject({ version: 6, destinationPort: 80 });
});

test("a pseudowire is not guessed at", () => {
  expect(describeStop(decode(inMpls([16], uint32(0, 0, 0, 0, 0))))).toBe(
    "unsupported MPLS payload at byte 18: neither IPv4 nor IPv6: a pseudowire or the like",
  );
});

test("labels in a row have a bound", () => {
  const labels = Array.from({ length: 17 }, () => 16);
  expect(decode(inMpls(labels, buildIpv6({}, buildTcp({})))).stop).toMatchObject({
    kind: "unsupported",
    layer: "MPLS label",
    reason: "more than 16 in a row",
  });
});
