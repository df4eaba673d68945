/** Which packets are sampled, and that every capture point picks the same ones. */
import { describe, expect, test } from "vitest";
import { IP_PROTOCOL } from "#net/protocol.js";
import type { Connection, DirectionFacts } from "#observed/flow/connection.js";
import type { PacketSample } from "#observed/flow/packet-sample.js";
import { captureOf, track as trackRecorded } from "../../support/verify-recorded.js";
import { BASE, ipPacket, segments, track, type Sent } from "./support.js";

const ALL = { facts: "all" } as const;

function originator(records: readonly Sent[]): DirectionFacts {
  const [connection] = track(records, ALL);
  if (connection === undefined) throw new Error("no connection");
  return connection.directions[0];
}

const samplesOf = (records: readonly Sent[]): readonly PacketSample[] =>
  originator(records).samples ?? [];

const keysOf = (records: readonly Sent[]): readonly number[] =>
  samplesOf(records).map(({ key }) => key);

/** 200 bytes of payload each, mid-stream. */
const stream = (packets: number): string =>
  Array.from({ length: packets }, (_, at) => `> A ${1000 + 200 * at}+200 ack 1 id ${1 + at}`).join(
    "\n",
  );

test("nothing is remembered that was not asked for", () => {
  const [connection] = track(segments(stream(3)));
  expect(connection?.directions[0].samples).toBeUndefined();
  expect(connection?.directions[0].first).toBeUndefined();
});

test("each direction has its first time, also where records are out of order", () => {
  const [connection] = track(segments("> A 1 at 50\n< A 1 at 60\n> A 2 at 40\n< A 2 at 70"), ALL);
  expect(connection?.directions.map(({ first }) => first)).toEqual([
    BASE + 40_000_000n,
    BASE + 60_000_000n,
  ]);
});

test("a direction that was not seen has no first time and no samples", () => {
  const [connection] = track(segments("> A 1+10 at 50"), ALL);
  expect(connection?.directions[1].first).toBeUndefined();
  expect(connection?.directions[1].samples).toEqual([]);
});

test("eight of many are kept, by key, whatever order they come in and whichever are missing", () => {
  const all = segments(stream(100));
  const kept = keysOf(all);
  expect(kept).toHaveLength(8);
  expect(kept).toEqual(kept.toSorted((a, b) => a - b));
  expect(keysOf(all.toReversed())).toEqual(kept);
  const withLosses = keysOf(all.filter((_, at) => at % 10 !== 3));
  expect(withLosses.filter((key) => kept.includes(key)).length).toBeGreaterThanOrEqual(5);
});

test("a sample's time is its own packet's", () => {
  const times = samplesOf(segments(stream(3))).map(({ sinceFirst }) => sinceFirst);
  expect(times.toSorted((a, b) => a - b)).toEqual([0, 10_000_000, 20_000_000]);
});

describe("a TCP connection with a handshake", () => {
  const handshake = "> S 999\n< SA 0 ack 1000\n> A 1000 ack 1\n";

  test("has no samples while its sequence numbers are all it needs", () => {
    expect(samplesOf(segments(handshake + stream(12)))).toEqual([]);
  });

  test("has samples of what follows when it lives longer", () => {
    expect(samplesOf(segments(handshake + stream(13)))).toHaveLength(1);
  });
});

interface Pair {
  readonly name: string;
  readonly here: string;
  readonly there: string;
  readonly same: boolean;
}

// prettier-ignore
const TCP_PAIRS: readonly Pair[] = [
  { name: "the same segment", here: "> A 1000+100 ack 7 id 5 opt 9", there: "> A 1000+100 ack 7 id 5 opt 9 ttl 62", same: true },
  { name: "a super-packet and its first segment", here: "> FPA 1000+3000 ack 7 id 5 opt 9", there: "> A 1000+1448 ack 7 id 5 opt 9", same: true },
  { name: "a FIN alone and the acknowledgement before it", here: "> FA 1000 ack 7 id 0 opt 9", there: "> A 1000 ack 7 id 0 opt 9", same: false },
  { name: "another sequence number", here: "> A 1000+100 ack 7 id 5", there: "> A 1100+100 ack 7 id 5", same: false },
  { name: "another acknowledgement", here: "> A 1000+100 ack 7 id 5", there: "> A 1000+100 ack 8 id 5", same: false },
  { name: "another window", here: "> A 1000+100 ack 7 id 5 win 1", there: "> A 1000+100 ack 7 id 5 win 2", same: false },
  { name: "other options, such as timestamps", here: "> A 1000+100 ack 7 id 5 opt 1", there: "> A 1000+100 ack 7 id 5 opt 2", same: false },
  { name: "a retransmission", here: "> A 1000+100 ack 7 id 5", there: "> A 1000+100 ack 7 id 6", same: false },
  { name: "a reset and an acknowledgement", here: "> R 1000 ack 7 id 5", there: "> A 1000 ack 7 id 5", same: false },
];

for (const { name, here, there, same } of TCP_PAIRS) {
  test(`${name}: ${same ? "one key" : "two keys"}`, () => {
    const [key] = keysOf(segments(here));
    expect(key).toBeDefined();
    expect(keysOf(segments(there))[0] === key).toBe(same);
  });
}

test("the payload of a super-packet and of its first segment has one hash; a short one has none", () => {
  const [long] = samplesOf(segments("> A 1000+3000 ack 7 id 5"));
  const [cut] = samplesOf(segments("> A 1000+1448 ack 7 id 5"));
  const [short] = samplesOf(segments("> A 1000+10 ack 7 id 5"));
  expect(long?.payload).toBeDefined();
  expect(cut?.payload).toBe(long?.payload);
  expect(short?.payload).toBeUndefined();
});

function datagram(fields: Sent["packets"][number] | object, payload = "hello"): Sent {
  const packet = ipPacket({ protocol: IP_PROTOCOL.udp, payload });
  return { packets: [Object.assign(packet, { udpLength: payload.length + 8 }, fields)], payload };
}

const HERE = { id: 5 };
const NATED = { sourcePort: 1024, source: ipPacket({ from: "203.0.113.9" }).source };
const LONG = "a payload of more than twenty-four bytes";

// prettier-ignore
const UDP_PAIRS: readonly { name: string; here: Sent; there: Sent; same: boolean }[] = [
  { name: "behind NAT", here: datagram(HERE), there: datagram({ ...HERE, ...NATED, ttl: 63 }), same: true },
  { name: "another identification", here: datagram(HERE), there: datagram({ id: 6 }), same: false },
  { name: "whole, and its first fragment", here: datagram({ ...HERE, udpLength: 3008 }, LONG), there: datagram({ ...HERE, udpLength: 3008, moreFragments: true, payloadLength: 1472 }, LONG), same: true },
  { name: "no identification, one payload", here: datagram({ id: 0 }), there: datagram({ id: 0, ...NATED }), same: true },
  { name: "no identification, another payload", here: datagram({ id: 0 }), there: datagram({ id: 0 }, "other"), same: false },
  { name: "no identification, payloads that differ behind the first bytes", here: datagram({ id: 0 }, `${LONG}1`), there: datagram({ id: 0 }, `${LONG}2`), same: true },
];

for (const { name, here, there, same } of UDP_PAIRS) {
  test(`a datagram ${name}: ${same ? "one key" : "two keys"}`, () => {
    const [key] = keysOf([here]);
    expect(key).toBeDefined();
    expect(keysOf([there])[0] === key).toBe(same);
  });
}

// prettier-ignore
const UNNAMED: readonly { name: string; sent: Sent }[] = [
  { name: "no identification and no payload", sent: datagram({ id: 0 }, "") },
  { name: "no identification and a payload that the capture cut", sent: datagram({ id: 0, payloadCaptured: 10 }, LONG) },
  { name: "IPv6 without payload", sent: datagram({ version: 6, id: -1 }, "") },
];

for (const { name, sent } of UNNAMED) {
  test(`no sample: ${name}`, () => expect(samplesOf([sent])).toEqual([]));
}

function echo(fields: object, payload = LONG): Sent {
  const packet = ipPacket({ protocol: IP_PROTOCOL.icmp, payload });
  return { packets: [Object.assign(packet, { icmpType: 8, icmpSeq: 1 }, fields)], payload };
}

test("an echo is known by its payload and sequence, never by the identifier that NAT rewrites", () => {
  const [key] = keysOf([echo({ id: 0, icmpId: 7 })]);
  expect(key).toBeDefined();
  expect(keysOf([echo({ id: 0, icmpId: 4711 })])[0]).toBe(key);
  expect(keysOf([echo({ id: 0, icmpId: 7, icmpSeq: 2 })])[0]).not.toBe(key);
  expect(keysOf([echo({ id: 0, icmpId: 7 }, "x")])[0]).not.toBe(key);
});

/** Port unreachable for the datagram of that identification. */
function unreachable(quoted: object, fields: object): Sent {
  const payload = LONG;
  const packet = ipPacket({ protocol: IP_PROTOCOL.icmp, payload });
  const quote = Object.assign(ipPacket({ protocol: IP_PROTOCOL.udp }), quoted);
  Object.assign(packet, { icmpType: 3, icmpCode: 3, quoted: quote }, fields);
  return { packets: [packet], payload };
}

test("an error is known by the packet it quotes, never by its payload, in which NAT rewrites ports", () => {
  const [sample] = samplesOf([unreachable({ id: 4711 }, { id: 7 })]);
  expect(sample?.payload).toBeUndefined();
  const translated = samplesOf([unreachable({ id: 4711, sourcePort: 9 }, { id: 7 })]);
  expect(translated).toEqual([sample]);
  expect(keysOf([unreachable({ id: 4712 }, { id: 7 })])).not.toEqual([sample?.key]);
  expect(keysOf([unreachable({ id: 4711 }, { id: 8 })])).not.toEqual([sample?.key]);
  expect(keysOf([unreachable({ id: 0 }, { id: 0 })])).toEqual([]);
});

test("a copy at the next interface is no repetition, and keeps the first time", () => {
  const once = { ...datagram(HERE), atMs: 1 };
  const [sample] = samplesOf([once, { ...once, atMs: 2 }]);
  expect(sample).toMatchObject({ isRepeated: false, sinceFirst: 0 });
});

test("what is sent again under the same key is repeated", () => {
  const once = datagram({ id: 0 });
  const others = Array.from({ length: 4 }, (_, at) => datagram({ id: 0 }, `other ${at}`));
  const samples = samplesOf([once, ...others, { ...once, atMs: 500 }]);
  expect(samples).toHaveLength(5);
  expect(samples.filter(({ isRepeated }) => isRepeated)).toMatchObject([{ sinceFirst: 0 }]);
});

test("a packet whose headers the capture cut is no sample", () => {
  const cut = { kind: "truncated", layer: "TCP options", offset: 54, reason: "cut" } as const;
  const unread = { kind: "unsupported", layer: "SCTP chunk", offset: 54, reason: "other" } as const;
  const [sent] = segments("> A 1000+100 ack 7 id 5");
  if (sent === undefined) throw new Error("no segment");
  expect(samplesOf([{ ...sent, stop: cut }])).toEqual([]);
  expect(samplesOf([{ ...sent, stop: unread }])).toHaveLength(1);
});

// prettier-ignore
const RECORDED: readonly { recorded: string; dialled: string; delivered: string; protocol: string; connections: number }[] = [
  { recorded: "hostport-udp", dialled: "client.eth0", delivered: "pod-p1a.eth0", protocol: "udp", connections: 2 },
  { recorded: "hostport-mid-connection", dialled: "client.eth0", delivered: "pod-p1a.eth0", protocol: "tcp", connections: 2 },
  { recorded: "pod-egress-mid-connection", dialled: "pod-p1a.eth0", delivered: "client.eth0", protocol: "tcp", connections: 1 },
];

describe("recorded before and behind NAT, with nothing but packets to join by", () => {
  for (const { recorded, dialled, delivered, protocol, connections } of RECORDED) {
    test(`in ${recorded}`, async () => {
      const [before, behind] = await Promise.all(
        [dialled, delivered].map(async (file) => sampled(recorded, { file, protocol })),
      );
      expect(before).toHaveLength(connections);
      for (const connection of before ?? []) {
        const partners = (behind ?? []).filter((other) => shared(connection, other).length > 0);
        expect(partners).toHaveLength(1);
        for (const at of [0, 1] as const) {
          expect(partners[0]?.directions[at].samples?.map(facts)).toEqual(
            connection.directions[at].samples?.map(facts),
          );
        }
      }
    });
  }
});

const facts = ({ key, payload, isRepeated }: PacketSample) => ({ key, payload, isRepeated });

async function sampled(
  recorded: string,
  { file, protocol }: { file: string; protocol: string },
): Promise<readonly Connection[]> {
  const { connections } = await trackRecorded([captureOf(recorded, file)]);
  return [...connections].filter(
    ({ protocol: of, directions }) =>
      of === protocol && directions.some(({ samples }) => (samples ?? []).length > 0),
  );
}

/** Keys that both have, in either direction. */
function shared(a: Connection, b: Connection): readonly number[] {
  const there = new Set(keysIn(b));
  return keysIn(a).filter((key) => there.has(key));
}

const keysIn = ({ directions }: Connection): readonly number[] =>
  directions.flatMap(({ samples }) => (samples ?? []).map(({ key }) => key));

test("each direction has the time of its first payload, where packets are remembered", () => {
  const script = "> A 1 at 40\n> A 1+10 at 50\n< A 1 at 60\n> A 11+10 at 70";
  const [connection] = track(segments(script), ALL);
  expect(connection?.directions.map(({ firstPayload }) => firstPayload)).toEqual([
    BASE + 50_000_000n,
    undefined,
  ]);
  const [plain] = track(segments(script));
  expect(plain?.directions[0].firstPayload).toBeUndefined();
});
