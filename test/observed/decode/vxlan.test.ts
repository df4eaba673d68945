import { expect, test } from "vitest";
import { fromHex } from "../../support/packet-bytes.js";
import { buildArp, buildEthernet, ETHER_TYPE } from "../../support/packet-link.js";
import { buildIpv4, PROTOCOL } from "../../support/packet-network.js";
import { buildTcp, buildUdp } from "../../support/packet-transport.js";
import { buildVxlan, buildVxlanPacket } from "../../support/packet-tunnel.js";
import { decode, describeStop, ipOf, LINKTYPE } from "../../support/packet-record.js";
import { testRobustness } from "../../support/packet-robustness.js";

const linktype = LINKTYPE.ipv4;

// IP 192.0.2.1.55000 > 192.0.2.2.4789: VXLAN, flags [I] (0x08), vni 1
// IP 10.0.0.1.40000 > 10.0.0.2.80: Flags [P.], seq 100:104, ack 200, win 512, options [nop,nop,TS
// val 5000 ecr 4000], length 4: HTTP
const VXLAN = fromHex(`
  4500 006a 0001 0000 4011 f67e c000 0201
  c000 0202 d6d8 12b5 0056 0000 0800 0000
  0000 0100 0200 0000 0002 0200 0000 0001
  0800 4500 0038 1c46 4000 4006 0a78 0a00
  0001 0a00 0002 9c40 0050 0000 0064 0000
  00c8 8018 0200 0000 0000 0101 080a 0000
  1388 0000 0fa0 7069 6e67
`);

testRobustness(VXLAN, { linktype });

const FRAME = buildEthernet({}, buildIpv4({}, buildTcp({})));

test("outer and inner both stay", () => {
  const decoded = decode(VXLAN, { linktype });
  expect(decoded.depth).toBe(2);
  expect(ipOf(decoded, 0)).toMatchObject({ destinationPort: 4789, tunnel: undefined });
  expect(ipOf(decoded, 1)).toMatchObject({ destinationPort: 80, tunnel: "vxlan", tunnelId: 1 });
});

test.each([4789, 8472])("on port %i", (port) => {
  const inner = ipOf(decode(buildVxlanPacket({ vni: 0xabcdef, port }, FRAME), { linktype }), 1);
  expect(inner).toMatchObject({ tunnel: "vxlan", tunnelId: 0xabcdef });
});

test("without the flag that marks its identifier it is plain UDP", () => {
  const datagram = buildUdp({ destinationPort: 4789 }, buildVxlan({ flags: 0 }, FRAME));
  const decoded = decode(buildIpv4({ protocol: PROTOCOL.udp }, datagram), { linktype });
  expect(decoded).toMatchObject({ depth: 1, stop: undefined });
});

test("a datagram too short for its header is plain UDP", () => {
  const datagram = buildUdp({ destinationPort: 4789 }, Uint8Array.of(8, 0, 0));
  const decoded = decode(buildIpv4({ protocol: PROTOCOL.udp }, datagram), { linktype });
  expect(decoded).toMatchObject({ depth: 1, stop: undefined });
});

test("ARP in it", () => {
  const arp = buildEthernet({ etherType: ETHER_TYPE.arp }, buildArp({}));
  const decoded = decode(buildVxlanPacket({}, arp), { linktype });
  expect(decoded).toMatchObject({ depth: 1, arp: { operation: 1 } });
});

test("an inner frame that we do not read leaves the outer packet", () => {
  const lldp = buildEthernet({ etherType: 0x88cc }, new Uint8Array(46));
  const decoded = decode(buildVxlanPacket({}, lldp), { linktype });
  expect(decoded.depth).toBe(1);
  expect(describeStop(decoded)).toBe("unsupported EtherType at byte 50: EtherType 0x88cc (LLDP)");
});

test("the inner packet may not be longer than the outer one, but stays", () => {
  const frame = buildEthernet({}, buildIpv4({ totalLength: 999 }, buildTcp({})));
  const decoded = decode(buildVxlanPacket({}, frame), { linktype });
  expect(describeStop(decoded)).toBe(
    "malformed IPv4 header at byte 50: total length is beyond what carries the packet",
  );
  expect(ipOf(decoded, 1)).toMatchObject({ destinationPort: 80, payloadLength: 0 });
});

test("in a first fragment it is not read", () => {
  const decoded = decode(buildVxlanPacket({ moreFragments: true }, FRAME), { linktype });
  expect(decoded.depth).toBe(1);
  expect(describeStop(decoded)).toBe(
    "unsupported tunnel at byte 28: its outer packet is a fragment, and fragments are not put together",
  );
});
