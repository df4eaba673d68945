import { DIRECTION } from "#observed/capture/record.js";
import { expect, test } from "vitest";
import { fromHex } from "../../support/packet-bytes.js";
import { buildLinuxSll } from "../../support/packet-link.js";
import { decode, ipOf, LINKTYPE } from "../../support/packet-record.js";
import { testRobustness } from "../../support/packet-robustness.js";

const linktype = LINKTYPE.linuxSll;

// IP 10.0.0.1.40000 > 10.0.0.2.80: Flags [P.], seq 100:104, ack 200, win 512, options [nop,nop,TS
// val 5000 ecr 4000], length 4: HTTP
const SLL = fromHex(`
  0004 0001 0006 0200 0000 0001 0000 0800
  4500 0038 1c46 4000 4006 0a78 0a00 0001
  0a00 0002 9c40 0050 0000 0064 0000 00c8
  8018 0200 0000 0000 0101 080a 0000 1388
  0000 0fa0 7069 6e67
`);

testRobustness(SLL, { linktype });

test("direction, and no interface", () => {
  const decoded = decode(SLL, { linktype });
  expect(decoded).toMatchObject({ direction: DIRECTION.out, interfaceIndex: 0 });
  expect(ipOf(decoded)).toMatchObject({ sourcePort: 40000, destinationPort: 80 });
});

test.each([
  [0, DIRECTION.in],
  [1, DIRECTION.in],
  [2, DIRECTION.in],
  [3, DIRECTION.in],
  [4, DIRECTION.out],
])("packet type %i is direction %i", (packetType, direction) => {
  const packet = buildLinuxSll({ packetType }, SLL.subarray(16));
  expect(decode(packet, { linktype }).direction).toBe(direction);
});

test("a packet type of the kernel's own leaves the file's direction", () => {
  const packet = buildLinuxSll({ packetType: 6 }, SLL.subarray(16));
  expect(decode(packet, { linktype, direction: DIRECTION.out }).direction).toBe(DIRECTION.out);
  expect(decode(packet, { linktype }).direction).toBe(DIRECTION.unknown);
});

test.each([
  [{ protocol: 0x0001 }, "Linux protocol 0x0001 (Novell 802.3)"],
  [{ protocol: 0x0003 }, "Linux protocol 0x0003 (all protocols)"],
  [{ protocol: 0x0004 }, "Linux protocol 0x0004 (802.2 LLC)"],
  [{ protocol: 0x000c }, "Linux protocol 0x000c (CAN)"],
  [{ protocol: 0x0042 }, "Linux protocol 0x0042"],
  [{ hardwareType: 824 }, "ARPHRD type 824 (netlink)"],
  [{ protocol: 0x88cc }, "EtherType 0x88cc (LLDP)"],
])("%o is ours not to read", (fields, reason) => {
  const packet = buildLinuxSll(fields, SLL.subarray(16));
  expect(decode(packet, { linktype }).stop).toMatchObject({ kind: "unsupported", reason });
});
