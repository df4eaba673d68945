import { expect, test } from "vitest";
import { fromHex } from "../../support/packet-bytes.js";
import { buildIpv6, PROTOCOL } from "../../support/packet-network.js";
import { buildTcp } from "../../support/packet-transport.js";
import { decode, describeStop, ipOf, LINKTYPE } from "../../support/packet-record.js";
import { testRobustness } from "../../support/packet-robustness.js";

const linktype = LINKTYPE.ipv6;

// IP6 2001:db8::1.40000 > 2001:db8::2.9: UDP, length 4
const IPV6 = fromHex(`
  6000 0000 000c 113f 2001 0db8 0000 0000
  0000 0000 0000 0001 2001 0db8 0000 0000
  0000 0000 0000 0002 9c40 0009 000c 0000
  7069 6e67
`);

testRobustness(IPV6, { linktype });

test("the header's fields", () => {
  const ip = ipOf(decode(IPV6, { linktype }));
  expect(ip).toMatchObject({ version: 6, ttl: 63, id: -1, protocol: PROTOCOL.udp });
  expect([...ip.source]).toEqual([0x20010db8, 0, 0, 1]);
  expect([...ip.destination]).toEqual([0x20010db8, 0, 0, 2]);
});

test("payload length 0, as jumbograms and BIG TCP show it: the record ends the packet", () => {
  const packet = buildIpv6({ payloadLength: 0 }, buildTcp({}, new Uint8Array(100)));
  const ip = ipOf(decode(packet, { linktype, originalLength: 90_000 }));
  expect(ip).toMatchObject({ payloadCaptured: 100, payloadLength: 90_000 - 60 });
});

test("no next header is the end, and no stop", () => {
  const packet = buildIpv6({ nextHeader: PROTOCOL.none }, new Uint8Array(0));
  const decoded = decode(packet, { linktype });
  expect(decoded.stop).toBeUndefined();
  expect(ipOf(decoded)).toMatchObject({ hasTransport: false, payloadLength: 0 });
});

test("the inner packet may not be longer than the outer one, but stays", () => {
  const inner = buildIpv6({ payloadLength: 999 }, buildTcp({}));
  const decoded = decode(buildIpv6({ nextHeader: PROTOCOL.ipv6 }, inner), { linktype });
  expect(describeStop(decoded)).toBe(
    "malformed IPv6 header at byte 40: payload length is beyond what carries the packet",
  );
  expect(ipOf(decoded, 1)).toMatchObject({ destinationPort: 80 });
});
