import { MAX_NESTING } from "#observed/decode/packet.js";
import { expect, test } from "vitest";
import { concat, uint16 } from "../../support/packet-bytes.js";
import { buildEthernet, buildVlan, ETHER_TYPE } from "../../support/packet-link.js";
import { buildIpv4, PROTOCOL } from "../../support/packet-network.js";
import { buildTcp } from "../../support/packet-transport.js";
import { buildVxlanPacket } from "../../support/packet-tunnel.js";
import { decode, describeStop, ipOf, LINKTYPE } from "../../support/packet-record.js";
import { testRobustness } from "../../support/packet-robustness.js";

/** `levels` IP packets in each other; the outermost has the highest TTL. */
function nested(levels: number, wrap: (inner: Uint8Array, ttl: number) => Uint8Array): Uint8Array {
  let packet = buildIpv4({ ttl: 1 }, buildTcp({}));
  for (let level = 2; level <= levels; level++) packet = wrap(packet, level);
  return packet;
}

const inIp = (inner: Uint8Array, ttl: number) => buildIpv4({ protocol: PROTOCOL.ipip, ttl }, inner);
const inVxlan = (inner: Uint8Array, ttl: number) =>
  buildVxlanPacket(
    { ttl, vni: ttl },
    buildEthernet({ etherType: ETHER_TYPE.vlan }, buildVlan({}, inner)),
  );

const linktype = LINKTYPE.raw;

testRobustness(nested(3, inVxlan), { linktype });

test.each([
  ["IP in IP", inIp],
  ["VXLAN with VLAN tags", inVxlan],
])("%s to the deepest level", (_, wrap) => {
  const decoded = decode(nested(MAX_NESTING, wrap), { linktype });
  expect(decoded).toMatchObject({ depth: MAX_NESTING, stop: undefined });
  const levels = Array.from({ length: MAX_NESTING }, (_, level) => ipOf(decoded, level).ttl);
  expect(levels).toEqual([8, 7, 6, 5, 4, 3, 2, 1]);
  expect(ipOf(decoded, MAX_NESTING - 1).destinationPort).toBe(80);
});

test.each([
  ["IP in IP", inIp],
  ["VXLAN with VLAN tags", inVxlan],
])("%s beyond it stops, and the outer packets stay", (_, wrap) => {
  const decoded = decode(nested(MAX_NESTING + 2, wrap), { linktype });
  expect(decoded.depth).toBe(MAX_NESTING);
  expect(decoded.stop).toMatchObject({
    kind: "unsupported",
    layer: "nesting",
    reason: "more than 8 IP packets in each other",
  });
  expect(ipOf(decoded, MAX_NESTING - 1).ttl).toBe(3);
});

test("Ethernet in Ethernet without end has a bound of its own", () => {
  const header = concat(new Uint8Array(12), uint16(ETHER_TYPE.ethernet));
  const frames = concat(...Array.from({ length: 500 }, () => header));
  expect(describeStop(decode(frames))).toBe(
    "unsupported nesting at byte 1792: more than 128 layers",
  );
});
