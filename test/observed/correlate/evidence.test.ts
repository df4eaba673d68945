/** What joins connections besides a whole handshake: a row for every kind of evidence, and one for what forbids. */
import { describe, expect, test } from "vitest";
import { joinConnections } from "#observed/correlate/join.js";
import type { Journey } from "#observed/correlate/journey.js";
import type { ConntrackEntry } from "#observed/conntrack/conntrack-entry.js";
import type { Connection, DirectionFacts, SequenceRange } from "#observed/flow/connection.js";
import type { PacketSample } from "#observed/flow/packet-sample.js";
import { seen, type Seen } from "../../support/verify-connection.js";

interface Shown extends Seen {
  /** Sequence numbers of both directions: start, end, acknowledged. */
  readonly numbers?: readonly [Numbers, Numbers];
  /** Keys of the samples of each direction; a payload of its own behind a colon. */
  readonly keys?: readonly [readonly string[], readonly string[]];
  readonly mss?: number;
}

type Numbers = readonly [number | undefined, number | undefined, number | undefined];

function shown(facts: Shown): Connection {
  const connection = seen(facts);
  const [request, reply] = connection.directions;
  return {
    ...connection,
    directions: [withFacts(request, facts, 0), withFacts(reply, facts, 1)],
  };
}

function withFacts(direction: DirectionFacts, facts: Shown, side: 0 | 1): DirectionFacts {
  const { numbers, keys, mss } = facts;
  const sequence = numbers && rangeOf(numbers[side]);
  return {
    ...direction,
    ...(mss !== undefined && { mss }),
    ...(sequence && { sequence }),
    ...(keys && { samples: keys[side].map(sampleOf) }),
  };
}

const rangeOf = ([start, end, acknowledged]: Numbers): SequenceRange | undefined =>
  start === undefined && acknowledged === undefined ? undefined : { start, end, acknowledged };

function sampleOf(text: string): PacketSample {
  const [key, payload] = text.split(":");
  return {
    key: Number(key),
    payload: payload === undefined ? undefined : Number(payload),
    sinceFirst: 0,
    isRepeated: false,
  };
}

const journeys = (...connections: readonly Shown[]): readonly Journey[] =>
  joinConnections(connections.map(shown));

const joinedBy = (...connections: readonly Shown[]): readonly (string | undefined)[] =>
  journeys(...connections).map(({ joinedBy: by }) => by);

const CLIENT = "198.51.100.79:41001";
const RANGES = "TCP sequence numbers of both directions";

describe("TCP from its middle", () => {
  const middle: Shown = {
    at: "node1.eth0",
    tuple: `${CLIENT} > 10.20.32.204:9000`,
    isn: [undefined, undefined],
    numbers: [
      [5000, 6000, 6000],
      [9000, 9500, 9500],
    ],
  };
  const later: Shown = {
    ...middle,
    at: "pod:web",
    tuple: `10.233.1.1:1024 > 10.233.1.2:8080`,
    numbers: [
      [5500, 7000, 7000],
      [9200, 9900, 9900],
    ],
  };

  test.each<[string, Shown]>([
    ["the same numbers in both directions", later],
    [
      "seen to begin the other way round",
      {
        ...later,
        tuple: "10.233.1.2:8080 > 10.233.1.1:1024",
        numbers: [
          [9200, 9900, 9900],
          [5500, 7000, 7000],
        ],
      },
    ],
    [
      "one direction, the other by its acknowledgements",
      {
        ...later,
        numbers: [
          [5500, 7000, undefined],
          [undefined, undefined, 9400],
        ],
      },
    ],
    [
      "with its handshake",
      {
        ...later,
        isn: [4999, 8999],
        numbers: [
          [4999, 7000, 7000],
          [8999, 9900, 9900],
        ],
      },
    ],
  ])("%s", (_name, other) => {
    expect(joinedBy(middle, other)).toEqual([RANGES]);
  });

  test.each<[string, Shown]>([
    [
      "other numbers of the answers",
      {
        ...later,
        numbers: [
          [5500, 7000, 7000],
          [20_000, 20_100, 20_100],
        ],
      },
    ],
    [
      "other numbers of the requests",
      {
        ...later,
        numbers: [
          [30_000, 31_000, 31_000],
          [9200, 9900, 9900],
        ],
      },
    ],
    [
      "nothing of the answers",
      {
        ...later,
        numbers: [
          [5500, 7000, 7000],
          [undefined, undefined, undefined],
        ],
      },
    ],
  ])("not with %s", (_name, other) => {
    expect(joinedBy(middle, other)).toEqual([undefined, undefined]);
  });

  test("numbers that pass 2^32", () => {
    const wraps: Shown = {
      ...middle,
      numbers: [
        [0xffffff00, 0x100, 0x100],
        [9000, 9500, 9500],
      ],
    };
    const behind: Shown = {
      ...later,
      numbers: [
        [0x80, 0x200, 0x200],
        [9200, 9900, 9900],
      ],
    };
    expect(joinedBy(wraps, behind)).toEqual([RANGES]);
    expect(
      joinedBy(wraps, {
        ...behind,
        numbers: [
          [0x180, 0x200, 0x200],
          [9200, 9900, 9900],
        ],
      }),
    ).toHaveLength(2);
  });

  test("two connections with its numbers: it is left open, and told on all sides", () => {
    const one: Shown = { ...later, isn: [1, 2] };
    const other: Shown = { ...later, isn: [3, 4], ms: 5 };
    expect(journeys(middle, one, other).map(({ ambiguousWith }) => ambiguousWith)).toEqual([
      ["c2", "c3"],
      ["c1"],
      ["c1"],
    ]);
  });
});

const scan = (server: number, at: string, ipId: number): Shown => ({
  at,
  tuple: `198.51.100.79:41001 > 10.20.32.${server}:80`,
  isn: [1000, undefined],
  ttl: [62, undefined],
  ipId,
  mss: 1460,
});

describe("a SYN that nobody answers", () => {
  test("one sequence number to many servers (nmap) is as many connections", () => {
    const both = [1, 2, 3].flatMap((server) => [
      scan(server, "node1.eth0", 9000 * server),
      scan(server, "pod:web", 9000 * server),
    ]);
    expect(joinedBy(...both)).toEqual(
      [1, 2, 3].map(() => "the same SYN: sequence number, options, IP identification"),
    );
  });

  test("under two tuples at one place it is one, by its identification", () => {
    const dialled = scan(1, "node1.any", 77);
    const translated = { ...dialled, tuple: "198.51.100.79:41001 > 10.233.1.2:8080" };
    expect(joinedBy(dialled, translated)).toHaveLength(1);
    expect(joinedBy(dialled, { ...translated, ipId: 7000 })).toHaveLength(2);
  });

  test("one number and one identification to three ports (ZMap) is no one conversation", () => {
    const shown = [9000, 9001, 9002].flatMap((port): Shown[] => [
      { ...scan(1, "client", 54_321), tuple: `198.51.100.79:40000 > 10.20.32.1:${port}` },
      { ...scan(1, "node1.eth0", 54_321), tuple: `198.51.100.79:40000 > 10.20.32.1:${port}` },
      { ...scan(1, "pod:web", 54_321), tuple: `198.51.100.79:40000 > 10.233.1.2:${port - 920}` },
    ]);
    const told = journeys(...shown).map(({ connections }) => connections.length);
    expect(told.filter((legs) => legs === 2)).toHaveLength(3);
    expect(told).toHaveLength(6);
  });

  test("nor are those that are refused of the one that is answered", () => {
    const shown = [9000, 9001].map((port): Shown => ({
      ...scan(1, "node1.eth0", 54_321),
      tuple: `198.51.100.79:40000 > 10.20.32.1:${port}`,
      isn: [1000, port === 9000 ? 2000 : undefined],
      ttl: [62, 64],
    }));
    expect(joinedBy(...shown)).toEqual([undefined, undefined]);
  });

  test("another segment size is another SYN", () => {
    expect(
      joinedBy(scan(1, "node1.eth0", 5), { ...scan(1, "pod:web", 5), mss: 1400 }),
    ).toHaveLength(2);
  });

  test("options that the snaplen cut off are no other SYN", () => {
    const whole: Shown = {
      ...scan(1, "node1.eth0", 5),
      isn: [1000, 2000],
      ttl: [62, 64],
      windowScale: 10,
    };
    const { mss: _, ...withoutMss } = scan(1, "pod:web", 5);
    const cut: Shown = withoutMss;
    expect(joinedBy(whole, cut)).toHaveLength(1);
  });

  test("an answer at one of the scan's servers does not take the other's SYN", () => {
    const answered: Shown = { ...scan(1, "node1.eth0", 9000), isn: [1000, 2000], ttl: [62, 64] };
    expect(joinedBy(answered, scan(2, "node1.eth0", 18_000))).toEqual([undefined, undefined]);
  });
});

describe("packets that both show", () => {
  const udp = { protocol: "udp", ipId: 4660 } as const;
  const query: Shown = {
    ...udp,
    at: "node1.eth0",
    tuple: "198.51.100.79:42001 > 10.20.32.204:9999",
    keys: [["11:7", "12:8"], ["21:9"]],
  };
  const delivered: Shown = {
    ...query,
    at: "pod:dns",
    tuple: "10.233.1.1:1024 > 10.233.1.2:53",
    ms: 1,
  };

  test("whatever was lost of the others", () => {
    expect(joinedBy(query, { ...delivered, keys: [["12:8", "13:5"], []] })).toEqual([
      "IP identification and payload",
    ]);
  });

  test("not with another payload under one of them: then it only looks like it", () => {
    expect(joinedBy(query, { ...delivered, keys: [["11:6", "12:8"], []] })).toHaveLength(2);
  });

  test("a payload that snaplen cut does not contradict", () => {
    expect(joinedBy(query, { ...delivered, keys: [["11", "12"], []] })).toHaveLength(1);
  });

  test("two at one place that show the same one: neither is taken", () => {
    const other: Shown = { ...delivered, tuple: "10.233.1.1:1025 > 10.233.1.2:53", ms: 2000 };
    const single: Shown = { ...query, keys: [["11:7"], []] };
    const told = journeys(
      single,
      { ...delivered, keys: [["11:7"], []] },
      { ...other, keys: [["11:7"], []] },
    );
    expect(told.map(({ ambiguousWith }) => ambiguousWith)).toEqual([["c2", "c3"], ["c1"], ["c1"]]);
  });

  test("a ping, whose identifier masquerade rewrites", () => {
    const ping: Shown = { ...query, protocol: "icmp", tuple: "10.233.1.2:8 > 198.51.100.79:0" };
    const sent: Shown = { ...ping, at: "client", tuple: "10.20.32.204:8 > 198.51.100.79:0" };
    expect(joinedBy(ping, sent)).toHaveLength(1);
  });
});

const HOUR_MS = 3_600_000;
const alike = (place: string, client: string, ms: number): Shown => ({
  at: place,
  tuple: `${client} > 198.51.100.79:54`,
  protocol: "udp",
  ipId: 0,
  keys: [["11:7"], []],
  ms,
});

/** Each leaves by a masquerade that keeps nothing. */
const pairs = (times: readonly number[], shift: number): readonly Shown[] =>
  times.flatMap((ms, turn) => [
    alike("pod:web", `10.233.1.2:${5000 + turn}`, ms),
    alike("client", `10.20.32.204:${60_000 - turn}`, ms + shift),
  ]);

const cooked = (tuple: string, direction: "in" | "out", ms: number): Connection => {
  const connection = shown({ ...alike("node1.any-sll", "10.233.1.2:5000", ms), tuple });
  return { ...connection, point: { ...connection.point, direction } };
};

describe("datagrams without identification", () => {
  test.each([0, HOUR_MS])("are told apart by the intervals between them, %i ms apart", (shift) => {
    const told = journeys(...pairs([0, 50, 170, 420, 900], shift));
    expect(told.map(({ connections }) => connections.length)).toEqual([2, 2, 2, 2, 2]);
    expect(told[0]?.join).toEqual({ score: 0.8, runnerUp: 0.65 });
    for (const { connections } of told) {
      const ports = connections.map(({ originator }) => originator.port);
      // 5000 goes out as 60000, 5001 as 59999, …
      expect(ports.reduce((sum, port) => sum + port, 0)).toBe(65_000);
    }
  });

  test("at regular intervals nothing is joined: moved on by one they fit as well", () => {
    expect(journeys(...pairs([0, 100, 200, 300, 400], 0))).toHaveLength(10);
  });

  test("in one file without interfaces the journey says that it is weaker", () => {
    const told = joinConnections([
      cooked("10.233.1.2:5000 > 10.96.0.10:53", "in", 0),
      cooked("10.233.1.2:5000 > 10.233.2.2:53", "out", 1),
    ]);
    expect(told.map(({ joinedBy: by }) => by)).toEqual([
      "equal payload, one end in a capture without interfaces",
    ]);
  });
});

const end = (text: string) => ({
  address: text.split(":")[0] ?? "",
  port: Number(text.split(":")[1]),
});
const udpTuple = (text: string) => {
  const [source = "", destination = ""] = text.split(" > ");
  return { protocol: "udp", source: end(source), destination: end(destination) };
};

const entry = (original: string, reply: string): ConntrackEntry => {
  return {
    node: "node1",
    protocol: "udp",
    original: udpTuple(original),
    reply: udpTuple(reply),
    state: undefined,
    isUnreplied: false,
    isAssured: true,
    timeoutSeconds: 30,
    event: undefined,
    time: undefined,
    zone: 0,
    mark: 0,
    file: "node1.conntrack.txt",
    line: 1,
  };
};
const datagram = (place: string, tuple: string): Shown => ({
  at: place,
  tuple,
  protocol: "udp",
  ipId: 0,
});
const dialled = datagram("node1.eth0", "198.51.100.79:42001 > 10.20.32.204:9999");
const sentOn = datagram("node1.cni0", "10.233.1.1:1024 > 10.233.1.2:53");
const ENTRY = entry(dialled.tuple, "10.233.1.2:53 > 10.233.1.1:1024");
const joinWith = (connections: readonly Shown[], conntrack: readonly ConntrackEntry[]) =>
  joinConnections(connections.map(shown), { conntrack });

describe("conntrack", () => {
  test("joins what nothing else does, at the points of its node", () => {
    const [journey] = joinWith([dialled, sentOn], [ENTRY]);
    expect(journey).toMatchObject({
      joinedBy: "conntrack of node1",
      join: { score: 1, runnerUp: 0 },
    });
    expect(joinWith([dialled, { ...sentOn, at: "node2.cni0" }], [ENTRY])).toHaveLength(2);
    expect(joinWith([dialled, sentOn], [{ ...ENTRY, node: "node2" }])).toHaveLength(2);
  });

  test("keeps apart what looks alike", () => {
    const alike = [dialled, sentOn].map((facts) => ({ ...facts, ipId: 9, payload: 7 }));
    expect(joinWith(alike, [])).toHaveLength(1);
    const others = [
      entry(dialled.tuple, "10.233.1.2:53 > 10.233.1.1:9"),
      entry("198.51.100.80:1 > 10.20.32.204:9999", "10.233.1.2:53 > 10.233.1.1:1024"),
    ];
    expect(joinWith(alike, others)).toHaveLength(2);
  });
});
