import { expect, test } from "vitest";
import { fromHex } from "../../support/packet-bytes.js";
import { buildArp, buildEthernet, buildLinuxSll2, ETHER_TYPE } from "../../support/packet-link.js";
import { decode, describeStop, LINKTYPE } from "../../support/packet-record.js";
import { testRobustness } from "../../support/packet-robustness.js";

// ARP, Request who-has 10.0.0.2 tell 10.0.0.1, length 28
const ARP = fromHex(`
  0200 0000 0002 0200 0000 0001 0806 0001
  0800 0604 0001 0200 0000 0001 0a00 0001
  0000 0000 0000 0a00 0002
`);

testRobustness(ARP);

test("who asks for whom", () => {
  const decoded = decode(ARP);
  expect(decoded.arp).toEqual({
    operation: 1,
    senderAddress: 0x0a000001,
    targetAddress: 0x0a000002,
  });
  expect(decoded.depth).toBe(0);
});

test("an answer behind a cooked header, with addresses above 2^31", () => {
  const answer = buildArp({ operation: 2, sender: "192.168.0.1", target: "224.0.0.1" });
  const packet = buildLinuxSll2({ protocol: ETHER_TYPE.arp }, answer);
  expect(decode(packet, { linktype: LINKTYPE.linuxSll2 }).arp).toEqual({
    operation: 2,
    senderAddress: 0xc0a80001,
    targetAddress: 0xe0000001,
  });
});

test("of other address lengths", () => {
  const strange = buildArp({});
  strange[4] = 8;
  const decoded = decode(buildEthernet({ etherType: ETHER_TYPE.arp }, strange));
  expect(decoded.arp).toBeUndefined();
  expect(describeStop(decoded)).toBe(
    "unsupported ARP header at byte 14: its addresses are not Ethernet's and IPv4's",
  );
});
