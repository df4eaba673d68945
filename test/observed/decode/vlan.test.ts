import { expect, test } from "vitest";
import { concat, fromHex, uint16 } from "../../support/packet-bytes.js";
import { buildEthernet, buildVlan, ETHER_TYPE } from "../../support/packet-link.js";
import { buildIpv4 } from "../../support/packet-network.js";
import { buildTcp } from "../../support/packet-transport.js";
import { decode, describeStop, ipOf } from "../../support/packet-record.js";
import { testRobustness } from "../../support/packet-robustness.js";

// IP 10.0.0.1.40000 > 10.0.0.2.80: Flags [P.], seq 100:104, ack 200, win 512, options [nop,nop,TS
// val 5000 ecr 4000], length 4: HTTP
const VLAN = fromHex(`
  0200 0000 0002 0200 0000 0001 88a8 0064
  8100 0007 0800 4500 0038 1c46 4000 4006
  0a78 0a00 0001 0a00 0002 9c40 0050 0000
  0064 0000 00c8 8018 0200 0000 0000 0101
  080a 0000 1388 0000 0fa0 7069 6e67
`);

testRobustness(VLAN);

const TCP = buildTcp({});

test.each([0x8100, 0x88a8, 0x9100])("tag type %i", (etherType) => {
  const frame = buildEthernet({ etherType }, buildVlan({ vlan: 5 }, buildIpv4({}, TCP)));
  expect(ipOf(decode(frame))).toMatchObject({ sourcePort: 40000, destinationPort: 80 });
});

test("QinQ", () => {
  expect(ipOf(decode(VLAN))).toMatchObject({ sourcePort: 40000, destinationPort: 80 });
});

/** A frame with `count` tags. */
function tagged(count: number): Uint8Array {
  const tags = Array.from({ length: count - 1 }, () => uint16(1, ETHER_TYPE.vlan));
  const last = buildVlan({}, buildIpv4({}, TCP));
  return buildEthernet({ etherType: ETHER_TYPE.vlan }, concat(...tags, last));
}

test("tags in a row have a bound", () => {
  expect(decode(tagged(8)).stop).toBeUndefined();
  expect(describeStop(decode(tagged(9)))).toBe(
    "unsupported VLAN tag at byte 46: more than 8 in a row",
  );
});

test("a length behind a tag is an LLC frame", () => {
  const stp = buildEthernet(
    { etherType: ETHER_TYPE.vlan },
    buildVlan({ etherType: 38 }, new Uint8Array(42)),
  );
  expect(decode(stp).stop).toMatchObject({ kind: "unsupported", layer: "LLC header" });
});
