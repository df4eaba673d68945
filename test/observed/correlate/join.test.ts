import { describe, expect, test } from "vitest";
import { joinConnections } from "#observed/correlate/join.js";
import { formatEndpoint } from "#net/five-tuple.js";
import { seen, type Seen } from "../../support/verify-connection.js";

/** The journeys, each as its points and originators in time order: `a.eth0 10.0.0.1:1, b.eth0 …`. */
const journeys = (...connections: readonly Seen[]): readonly string[] =>
  joinConnections(connections.map(seen)).map(({ connections: joined }) =>
    joined.map(({ point, originator }) => `${point.name} ${formatEndpoint(originator)}`).join(", "),
  );

const CLIENT = "198.51.100.79:41001";
const NODE = "10.20.32.204:9000";
const POD = "10.233.1.2:8080";

const atClient: Seen = { at: "client", tuple: `${CLIENT} > ${NODE}`, ms: 0 };
const atNode: Seen = { at: "node1.eth0", tuple: `${CLIENT} > ${NODE}`, ms: 1 };
const inPod: Seen = { at: "pod:web", tuple: `${CLIENT} > ${POD}`, ms: 2 };

describe("TCP", () => {
  test("a pair of initial sequence numbers is one connection, whatever its addresses and ports", () => {
    const masqueraded: Seen = { ...inPod, tuple: `10.233.1.1:33572 > ${POD}` };
    expect(journeys(atClient, atNode, masqueraded)).toEqual([
      `client ${CLIENT}, node1.eth0 ${CLIENT}, pod:web 10.233.1.1:33572`,
    ]);
  });

  test("both legs of a hairpin, at one point", () => {
    const there: Seen = { at: "pod:web", tuple: `10.233.1.2:41001 > ${NODE}`, ms: 0 };
    const back: Seen = { at: "pod:web", tuple: `10.233.1.1:41001 > ${POD}`, ms: 1 };
    expect(journeys(there, back)).toEqual(["pod:web 10.233.1.2:41001, pod:web 10.233.1.1:41001"]);
  });

  test("the same addresses and ports with other numbers are another connection", () => {
    expect(journeys(atNode, { ...inPod, isn: [1001, 2000] })).toHaveLength(2);
    expect(journeys(atNode, { ...inPod, isn: [1000, 2001] })).toHaveLength(2);
  });

  test("one SYN answered twice is two connections: a copy of it reached a second server", () => {
    const other: Seen = { ...inPod, at: "pod:other", isn: [1000, 3000] };
    expect(journeys(atNode, inPod, other)).toHaveLength(2);
  });

  describe("half of it seen", () => {
    const request: Seen = { ...inPod, isn: [1000, undefined], ttl: [62, undefined] };
    const reply: Seen = { ...inPod, isn: [undefined, 2000], ttl: [undefined, 64] };

    test("the request's number joins it where one connection has it", () => {
      expect(journeys(atNode, request)).toEqual([`node1.eth0 ${CLIENT}, pod:web ${CLIENT}`]);
    });

    test("the answer's number joins it where one connection has it", () => {
      expect(journeys(atNode, reply)).toEqual([`node1.eth0 ${CLIENT}, pod:web ${CLIENT}`]);
    });

    test("both halves, at two points, join what has both", () => {
      expect(journeys(atNode, request, { ...reply, at: "node1.cni0" })).toHaveLength(1);
    });

    test("two candidates: it stays apart", () => {
      const other: Seen = { ...atNode, at: "node2.eth0", isn: [1000, 3000] };
      expect(journeys(atNode, other, request)).toHaveLength(3);
      const sameAnswer: Seen = { ...atNode, at: "node2.eth0", isn: [1001, 2000] };
      expect(journeys(atNode, sameAnswer, reply)).toHaveLength(3);
    });

    test("SYNs that were never answered join each other", () => {
      const lost = { ...atNode, isn: [1000, undefined], ttl: [63, undefined] } as const;
      expect(journeys(lost, request)).toEqual([`node1.eth0 ${CLIENT}, pod:web ${CLIENT}`]);
    });

    test("a window scale that differs is another client's SYN: NAT leaves it alone", () => {
      const lost = { ...atNode, isn: [1000, undefined], ttl: [63, undefined] } as const;
      expect(journeys({ ...lost, windowScale: 7 }, { ...request, windowScale: 9 })).toHaveLength(2);
    });

    test("answers alone know the request's number by what they acknowledge", () => {
      const knows = { ...reply, acknowledgedIsn: 1000 };
      expect(journeys(knows, { ...knows, at: "node1.cni0" })).toHaveLength(1);
      expect(journeys(atNode, knows, request)).toHaveLength(1);
      expect(journeys(atNode, { ...knows, acknowledgedIsn: 1001 })).toHaveLength(2);
    });

    test("answers without their SYN do not join each other", () => {
      expect(journeys(reply, { ...reply, at: "node1.cni0" })).toHaveLength(2);
    });

    test("a connection seen only in its middle has no number, so it stays apart", () => {
      const middle: Seen = { ...inPod, isn: [undefined, undefined] };
      expect(journeys(atNode, middle, { ...middle, at: "node1.cni0" })).toHaveLength(3);
    });
  });

  test("an initial sequence number of 0 is one like any other", () => {
    expect(journeys({ ...atNode, isn: [0, 0] }, { ...inPod, isn: [0, 0] })).toHaveLength(1);
    expect(
      journeys({ ...atNode, isn: [0, 0] }, { ...inPod, isn: [0, undefined], ttl: [62, undefined] }),
    ).toHaveLength(1);
  });
});

describe("UDP", () => {
  const udp = { protocol: "udp", ipId: 4660, payload: 99 } as const;
  const query: Seen = {
    ...udp,
    at: "node1.eth0",
    tuple: "198.51.100.79:42001 > 10.20.32.204:9999",
  };
  const delivered: Seen = {
    ...udp,
    at: "pod:dns",
    tuple: "198.51.100.79:42001 > 10.233.1.2:53",
    ms: 1,
  };

  test("IP identification and payload join, whatever the addresses", () => {
    expect(journeys(query, delivered)).toHaveLength(1);
  });

  test.each([
    ["another identification", { ...delivered, ipId: 4661 }],
    ["another payload", { ...delivered, payload: 98 }],
  ])("%s: two", (_name, other) => {
    expect(journeys(query, other)).toHaveLength(2);
  });

  test("without payload there is nothing to join by", () => {
    const { payload: _query, ...emptyQuery } = query;
    const { payload: _delivered, ...emptyDelivered } = delivered;
    expect(journeys(emptyQuery, emptyDelivered)).toHaveLength(2);
  });

  describe("an identification of 0 says nothing of its own", () => {
    const zero = [query, delivered].map((connection) => ({ ...connection, ipId: 0 }));
    const second: Seen = { ...query, ipId: 0, tuple: "198.51.100.79:42002 > 10.20.32.204:9999" };

    test("what every point shows once is joined", () => {
      expect(journeys(...zero)).toHaveLength(1);
    });

    test("of several, the one with an equal end is", () => {
      expect(journeys(...zero, second)).toEqual([
        "node1.eth0 198.51.100.79:42001, pod:dns 198.51.100.79:42001",
        "node1.eth0 198.51.100.79:42002",
      ]);
    });

    test("where NAT leaves no end, none is", () => {
      const masqueraded = { ...delivered, ipId: 0, tuple: "10.233.1.1:1024 > 10.233.1.2:53" };
      expect(journeys({ ...query, ipId: 0 }, masqueraded, second)).toHaveLength(3);
    });
  });

  test("what a tunnel carries is joined by its own identification and payload", () => {
    expect(journeys(query, { ...delivered, tunnel: true })).toHaveLength(1);
  });
});

test("protocols do not join each other", () => {
  expect(journeys(atNode, { ...inPod, protocol: "udp", ipId: 1, payload: 1 })).toHaveLength(2);
  const packet = { ipId: 7, payload: 7 } as const;
  const ping: Seen = { ...packet, at: "a", tuple: "10.0.0.1:8 > 10.0.0.2:0", protocol: "icmp" };
  expect(journeys(ping, { ...ping, at: "b", protocol: "udp" })).toHaveLength(2);
});

test("an echo is joined whoever is said to have sent it", () => {
  const packet = { protocol: "icmp", ipId: 7, payload: 7 } as const;
  const ping: Seen = { ...packet, at: "pod:web", tuple: "10.233.1.2:8 > 198.51.100.79:0" };
  const sent: Seen = { ...packet, at: "client", tuple: "10.20.32.204:8 > 198.51.100.79:0", ms: 1 };
  expect(journeys(ping, sent)).toHaveLength(1);
  expect(journeys(ping, { ...sent, ipId: 8 })).toHaveLength(2);
});

describe("what a journey says", () => {
  test("why it is one, and nothing where there is one connection", () => {
    const udp = { protocol: "udp", ipId: 4660, payload: 99 } as const;
    const joined = joinConnections(
      [
        atNode,
        inPod,
        { ...udp, at: "node1.eth0", tuple: "10.0.0.1:1 > 10.0.0.2:2", ms: 5 },
        { ...udp, at: "pod:dns", tuple: "10.0.0.1:1 > 10.0.0.3:3", ms: 6 },
        { at: "pod:web", tuple: "10.0.0.9:1 > 10.0.0.2:2", isn: [7, 8] as const, ms: 9 },
      ].map((facts) => seen(facts)),
    );
    expect(joined.map(({ id, protocol, joinedBy }) => [id, protocol, joinedBy])).toEqual([
      ["c1", "tcp", "TCP initial sequence numbers"],
      ["c2", "udp", "IP identification and payload"],
      ["c3", "tcp", undefined],
    ]);
  });

  test("the same in whatever order the captures were given", () => {
    const connections = [
      atClient,
      atNode,
      inPod,
      { ...atNode, isn: [5, 6] as const, ms: 1 },
      { ...inPod, isn: [5, 6] as const, ms: 2 },
      // Two that begin in the same nanosecond.
      { ...inPod, at: "node1.cni0", isn: [5, 6] as const, ms: 2 },
    ].map((facts) => seen(facts));
    const told = JSON.stringify(joinConnections(connections), stringOfBigint);
    for (let turn = 1; turn < connections.length; turn++) {
      const turned = [...connections.slice(turn), ...connections.slice(0, turn)];
      expect(JSON.stringify(joinConnections(turned), stringOfBigint)).toBe(told);
      expect(JSON.stringify(joinConnections(turned.reverse()), stringOfBigint)).toBe(told);
    }
  });

  test("nothing seen is no journey", () => {
    expect(joinConnections([])).toEqual([]);
  });
});

const stringOfBigint = (_key: string, value: unknown): unknown =>
  typeof value === "bigint" ? `${value}` : value;
