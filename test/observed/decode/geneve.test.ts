import { expect, test } from "vitest";
import { fromHex } from "../../support/packet-bytes.js";
import { ETHER_TYPE } from "../../support/packet-link.js";
import { buildIpv4, buildIpv6, PROTOCOL } from "../../support/packet-network.js";
import { buildTcp, buildUdp } from "../../support/packet-transport.js";
import { buildGeneve } from "../../support/packet-tunnel.js";
import { decode, describeStop, ipOf, LINKTYPE } from "../../support/packet-record.js";
import { testRobustness } from "../../support/packet-robustness.js";

const linktype = LINKTYPE.ipv4;

// IP 192.0.2.1.55000 > 192.0.2.2.6081: Geneve, Flags [none], vni 0xa, options [8 bytes]: IP
// 10.0.0.1.40000 > 10.0.0.2.80: Flags [P.], seq 100:104, ack 200, win 512, options [nop,nop,TS val
// 5000 ecr 4000], length 4: HTTP
const GENEVE = fromHex(`
  4500 0072 0001 0000 4011 f676 c000 0201
  c000 0202 d6d8 17c1 005e 0000 0200 6558
  0000 0a00 0102 8001 0000 0007 0200 0000
  0002 0200 0000 0001 0800 4500 0038 1c46
  4000 4006 0a78 0a00 0001 0a00 0002 9c40
  0050 0000 0064 0000 00c8 8018 0200 0000
  0000 0101 080a 0000 1388 0000 0fa0 7069
  6e67
`);

testRobustness(GENEVE, { linktype });

const inUdp = (payload: Uint8Array) =>
  decode(buildIpv4({ protocol: PROTOCOL.udp }, buildUdp({ destinationPort: 6081 }, payload)), {
    linktype,
  });

test("Ethernet behind options", () => {
  const decoded = decode(GENEVE, { linktype });
  expect(ipOf(decoded, 0)).toMatchObject({ destinationPort: 6081 });
  expect(ipOf(decoded, 1)).toMatchObject({ destinationPort: 80, tunnel: "geneve", tunnelId: 10 });
});

test("IP without Ethernet", () => {
  const six = inUdp(buildGeneve({ etherType: ETHER_TYPE.ipv6 }, buildIpv6({}, buildTcp({}))));
  expect(ipOf(six, 1)).toMatchObject({ version: 6, destinationPort: 80, tunnel: "geneve" });
});

test("another version", () => {
  expect(describeStop(inUdp(buildGeneve({ version: 1 }, new Uint8Array(0))))).toBe(
    "unsupported Geneve header at byte 28: version is not 0 (RFC 8926 §3.4)",
  );
});

test("options beyond the datagram", () => {
  const geneve = buildGeneve({}, new Uint8Array(4));
  geneve[0] = 0x3f;
  expect(describeStop(inUdp(geneve))).toBe(
    "malformed Geneve options at byte 28: its length is beyond the end of the packet",
  );
});

test("a datagram too short for its header is plain UDP", () => {
  expect(inUdp(new Uint8Array(7))).toMatchObject({ depth: 1, stop: undefined });
});
