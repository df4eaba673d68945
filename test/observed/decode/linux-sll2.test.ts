import { DIRECTION } from "#observed/capture/record.js";
import { expect, test } from "vitest";
import { fromHex } from "../../support/packet-bytes.js";
import { buildLinuxSll2 } from "../../support/packet-link.js";
import { decode, ipOf, LINKTYPE } from "../../support/packet-record.js";
import { testRobustness } from "../../support/packet-robustness.js";

const linktype = LINKTYPE.linuxSll2;

// ?     Out IP 10.0.0.1.40000 > 10.0.0.2.80: Flags [P.], seq 100:104, ack 200, win 512, options
// [nop,nop,TS val 5000 ecr 4000], length 4: HTTP
const SLL2 = fromHex(`
  0800 0000 0000 0007 0001 0406 0200 0000
  0001 0000 4500 0038 1c46 4000 4006 0a78
  0a00 0001 0a00 0002 9c40 0050 0000 0064
  0000 00c8 8018 0200 0000 0000 0101 080a
  0000 1388 0000 0fa0 7069 6e67
`);

testRobustness(SLL2, { linktype });

test("interface and direction", () => {
  const decoded = decode(SLL2, { linktype });
  expect(decoded).toMatchObject({ direction: DIRECTION.out, interfaceIndex: 7 });
  expect(ipOf(decoded)).toMatchObject({ sourcePort: 40000, destinationPort: 80 });
});

test.each([
  [0, DIRECTION.in],
  [3, DIRECTION.in],
  [4, DIRECTION.out],
  [7, DIRECTION.unknown],
])("packet type %i is direction %i", (packetType, direction) => {
  const packet = buildLinuxSll2({ packetType, interfaceIndex: 0x80000001 }, SLL2.subarray(20));
  expect(decode(packet, { linktype })).toMatchObject({ direction, interfaceIndex: 0x80000001 });
});

test("the next record starts without an interface", () => {
  expect(decode(SLL2.subarray(20), { linktype: LINKTYPE.raw })).toMatchObject({
    direction: DIRECTION.unknown,
    interfaceIndex: 0,
  });
});
