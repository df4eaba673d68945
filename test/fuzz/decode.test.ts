/** Any bytes decode or stop: random ones, and good packets with a few bytes changed, cut or moved. */
import { expect, test } from "vitest";
import { concat, filler, uint8 } from "../support/packet-bytes.js";
import {
  buildArp,
  buildEthernet,
  buildLinuxSll,
  buildLinuxSll2,
  buildMpls,
  buildNflog,
  buildPppoe,
  buildVlan,
  ETHER_TYPE,
} from "../support/packet-link.js";
import {
  buildAuthentication,
  buildExtension,
  buildFragmentHeader,
  buildIpv4,
  buildIpv6,
  EXTENSION,
  PROTOCOL,
} from "../support/packet-network.js";
import { LINKTYPE, type RecordFields } from "../support/packet-record.js";
import { violationsOf } from "../support/packet-robustness.js";
import {
  buildIcmp,
  buildTcp,
  buildUdp,
  synOptions,
  timestampOptions,
} from "../support/packet-transport.js";
import { buildGeneve, buildGre, buildVxlanPacket } from "../support/packet-tunnel.js";

const IS_LONG = process.env["PCAPCHECK_FUZZ"] === "long";
const ROUNDS = IS_LONG ? 2_000_000 : 30_000;
const TIMEOUT_MS = IS_LONG ? 20 * 60_000 : 60_000;

const SEGMENT = buildTcp({ options: timestampOptions({}) }, filler(20));
const SYN = buildIpv4({}, buildTcp({ flags: 2, options: synOptions({}) }));
const FOUR = buildIpv4({ options: uint8(0x94, 4, 0, 0) }, SEGMENT);
const SIX = buildIpv6(
  { nextHeader: EXTENSION.hopByHop },
  buildExtension(
    { nextHeader: EXTENSION.fragment },
    buildFragmentHeader({ nextHeader: EXTENSION.authentication }, buildAuthentication({}, SEGMENT)),
  ),
);

/** What is changed: a packet that reaches each decoder. */
const SEEDS: readonly (readonly [linktype: number, packet: Uint8Array])[] = [
  [LINKTYPE.ethernet, buildEthernet({}, SYN)],
  [LINKTYPE.ethernet, buildEthernet({ etherType: ETHER_TYPE.ipv6 }, SIX)],
  [LINKTYPE.ethernet, buildEthernet({ etherType: ETHER_TYPE.arp }, buildArp({}))],
  [LINKTYPE.ethernet, buildEthernet({ etherType: ETHER_TYPE.qinq }, buildVlan({}, FOUR))],
  [LINKTYPE.ethernet, buildEthernet({ etherType: ETHER_TYPE.mpls }, buildMpls({}, FOUR))],
  [LINKTYPE.ethernet, buildEthernet({ etherType: ETHER_TYPE.pppoe }, buildPppoe({}, FOUR))],
  [LINKTYPE.linuxSll, buildLinuxSll({}, FOUR)],
  [LINKTYPE.linuxSll2, buildLinuxSll2({}, buildVxlanPacket({}, buildEthernet({}, SYN)))],
  [LINKTYPE.nflog, buildNflog(FOUR)],
  [LINKTYPE.null, concat(uint8(2, 0, 0, 0), FOUR)],
  [LINKTYPE.pppHdlc, concat(uint8(0xff, 3, 0, 0x57), SIX)],
  [LINKTYPE.raw, buildIpv4({ protocol: PROTOCOL.icmp }, buildIcmp({ type: 3 }, FOUR))],
  [LINKTYPE.raw, buildIpv6({ nextHeader: PROTOCOL.icmp6 }, buildIcmp({ type: 2 }, SIX))],
  [LINKTYPE.raw, buildIpv4({ protocol: PROTOCOL.gre }, buildGre({ key: 1, checksum: 2 }, FOUR))],
  [LINKTYPE.raw, buildIpv4({ protocol: PROTOCOL.ipv6 }, SIX)],
  [
    LINKTYPE.raw,
    buildIpv4(
      { protocol: PROTOCOL.udp },
      buildUdp(
        { destinationPort: 6081 },
        buildGeneve({ options: filler(8) }, buildEthernet({}, buildVxlanPacket({}, SYN))),
      ),
    ),
  ],
];

test(
  "packets with changes decode or stop",
  () => {
    const found: string[] = [];
    const random = randomNumbers(0x5eed);
    for (let round = 0; round < ROUNDS; round++) {
      const [linktype, seed] = SEEDS[random(SEEDS.length)] ?? [LINKTYPE.raw, FOUR];
      const packet = change(seed, random);
      const capturedLength = random(4) === 0 ? random(packet.length + 1) : packet.length;
      const originalLength = random(8) === 0 ? random(70_000) : packet.length;
      const fields = { linktype, capturedLength, originalLength };
      found.push(...reportsOf(packet, fields));
    }
    expect(found).toEqual([]);
  },
  TIMEOUT_MS,
);

test(
  "random bytes decode or stop",
  () => {
    const found: string[] = [];
    const random = randomNumbers(0xb17e5);
    const linktypes = Object.values(LINKTYPE);
    for (let round = 0; round < ROUNDS / 4; round++) {
      const packet = Uint8Array.from({ length: random(200) }, () => random(256));
      const fields = { linktype: linktypes[random(linktypes.length)] ?? LINKTYPE.raw };
      found.push(...reportsOf(packet, fields));
    }
    expect(found).toEqual([]);
  },
  TIMEOUT_MS,
);

type Random = (below: number) => number;

/** One to four changes: bytes set, bits flipped, a part moved, the end repeated. */
function change(seed: Uint8Array, random: Random): Uint8Array {
  let packet: Uint8Array = seed.slice();
  for (let changes = random(4); changes >= 0; changes--) {
    const at = random(packet.length);
    switch (random(5)) {
      case 0:
        packet[at] = random(256);
        break;
      case 1:
        packet[at] = [0x00, 0x01, 0x45, 0x60, 0x7f, 0x80, 0xff][random(7)] ?? 0;
        break;
      case 2:
        packet.copyWithin(at, random(packet.length), random(packet.length));
        break;
      case 3:
        packet = concat(packet, packet.subarray(at)).slice(0, 512);
        break;
      default:
        packet[at] = (packet[at] ?? 0) ^ (1 << random(8));
    }
  }
  return packet;
}

/** mulberry32: the same numbers for the same seed, so that a failure comes back. */
function randomNumbers(seed: number): Random {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

/** A failure names its bytes: they become a row in the test beside the decoder. */
function reportsOf(packet: Uint8Array, fields: RecordFields): readonly string[] {
  return violationsOf(packet, fields).map(
    (text) => `${text}: ${JSON.stringify(fields)} ${Buffer.from(packet).toString("hex")}`,
  );
}
