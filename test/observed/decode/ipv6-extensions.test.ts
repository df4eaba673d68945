import { expect, test } from "vitest";
import { fromHex } from "../../support/packet-bytes.js";
import {
  buildExtension,
  buildFragmentHeader,
  buildIpv6,
  EXTENSION,
  PROTOCOL,
} from "../../support/packet-network.js";
import { buildTcp } from "../../support/packet-transport.js";
import { decode, describeStop, ipOf, LINKTYPE } from "../../support/packet-record.js";
import { testRobustness } from "../../support/packet-robustness.js";

const linktype = LINKTYPE.ipv6;

// IP6 2001:db8::1 > 2001:db8::2: HBH DSTOPT RT6 (len=0, type=0 [Deprecated], segleft=0) frag
// (0|36) AH(spi=0x00000001,seq=0x1,icv=0x000000000000000000000000): 40000 > 9: UDP, length 4
const EXTENSIONS = fromHex(`
  6000 0000 004c 0040 2001 0db8 0000 0000
  0000 0000 0000 0001 2001 0db8 0000 0000
  0000 0000 0000 0002 3c00 0000 0000 0000
  2b01 0000 0000 0000 0000 0000 0000 0000
  2c00 0000 0000 0000 3300 0001 dead beef
  1104 0000 0000 0001 0000 0001 0000 0000
  0000 0000 0000 0000 9c40 0009 000c 0000
  7069 6e67
`);

testRobustness(EXTENSIONS, { linktype });

test("the transport header behind all of them", () => {
  expect(ipOf(decode(EXTENSIONS, { linktype }))).toMatchObject({
    protocol: PROTOCOL.udp,
    destinationPort: 9,
    id: 0xdeadbeef,
    moreFragments: true,
    fragmentOffset: 0,
    payloadLength: 4,
  });
});

test("a later fragment has no ports, and is no stop", () => {
  const fragment = buildFragmentHeader({ offset: 1448, id: 9 }, new Uint8Array(32));
  const decoded = decode(buildIpv6({ nextHeader: EXTENSION.fragment }, fragment), { linktype });
  expect(decoded.stop).toBeUndefined();
  expect(ipOf(decoded)).toMatchObject({
    protocol: PROTOCOL.tcp,
    fragmentOffset: 1448,
    id: 9,
    hasTransport: false,
    payloadLength: 32,
  });
});

test("a fragment of everything is a whole packet", () => {
  const atomic = buildFragmentHeader({ id: 9 }, buildTcp({}));
  const ip = ipOf(decode(buildIpv6({ nextHeader: EXTENSION.fragment }, atomic), { linktype }));
  expect(ip).toMatchObject({ hasTransport: true, moreFragments: false, id: 9 });
});

test("ESP ends the chain", () => {
  const packet = buildIpv6(
    { nextHeader: EXTENSION.destination },
    buildExtension({ nextHeader: PROTOCOL.esp }, new Uint8Array(16)),
  );
  expect(describeStop(decode(packet, { linktype }))).toBe(
    "unsupported IP protocol at byte 48: IP protocol 50 (ESP)",
  );
});

test("a length beyond the packet is the sender's doing", () => {
  const extension = buildExtension({ bytes: 8 }, buildTcp({}));
  extension[1] = 200;
  const packet = buildIpv6({ nextHeader: EXTENSION.hopByHop }, extension);
  expect(describeStop(decode(packet, { linktype }))).toBe(
    "malformed IPv6 extension header at byte 40: its length is beyond the end of the packet",
  );
});

test("the chain has a bound", () => {
  const nextHeader = EXTENSION.destination;
  let packet = buildExtension({}, buildTcp({}));
  for (let count = 1; count < 17; count++) packet = buildExtension({ nextHeader }, packet);
  expect(describeStop(decode(buildIpv6({ nextHeader }, packet), { linktype }))).toBe(
    "unsupported IPv6 extension header at byte 168: more than 16 in one packet",
  );
});
