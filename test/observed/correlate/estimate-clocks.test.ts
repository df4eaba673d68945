import { describe, expect, test } from "vitest";
import { epochNs, type EpochNs } from "#net/types.js";
import { alignJourneys } from "#observed/correlate/align-clocks.js";
import { estimateClocks } from "#observed/correlate/estimate-clocks.js";
import type { Journey } from "#observed/correlate/journey.js";
import type { Connection } from "#observed/flow/connection.js";
import { connectionOf } from "../../support/timed-connection.js";

/** Of microsecond resolution, as most capture files. */
const START = 1_700_000_000_123_457_000n;
const MICROSECOND = 1000;
const SECOND = 1e9;

const timeOf = (sinceStart: number): EpochNs => epochNs(START + BigInt(sinceStart));

interface Seen {
  readonly point: string;
  /** ns since the start, by that point's clock. */
  readonly syn: number;
  /** Undefined where the answer did not come by. */
  readonly answer?: number;
  readonly ttl?: readonly [number, number];
}

function journey(id: number, seen: readonly Seen[]): Journey {
  const connections = seen.map(({ point, syn, answer, ttl }): Connection =>
    connectionOf({
      point,
      isns: [1000 + id, 2000 + id],
      ipId: 300 + id,
      times: [timeOf(syn), answer === undefined ? undefined : timeOf(answer)],
      ttl,
    }),
  );
  return { id: `c${id}`, protocol: "tcp", connections, joinedBy: "TCP initial sequence numbers" };
}

function estimated(journeys: readonly Journey[], hosts: Readonly<Record<string, string>> = {}) {
  const points = [
    ...new Set(journeys.flatMap(({ connections }) => connections.map(({ point }) => point.name))),
  ];
  return estimateClocks({ journeys, points, hostOf: (point) => hosts[point] ?? point });
}

/** 30 us from client to node, 200 us there, 20 us back; the node's clock is ahead by `offset`. */
function between(offset: number, at = 0): readonly Seen[] {
  return [
    { point: "client", syn: at, answer: at + 250_000 },
    { point: "node", syn: at + 30_000 + offset, answer: at + 230_000 + offset },
  ];
}

describe("a clock against the reference's", () => {
  // prettier-ignore
  const ROWS = [
    { name: "ahead",                       offset: 5 * SECOND },
    { name: "behind",                      offset: -3600 * SECOND },
    { name: "ahead by little",             offset: 100 * MICROSECOND },
  ];

  test.each(ROWS)("$name: within the uncertainty", ({ offset }) => {
    const { estimates } = estimated([journey(1, between(offset))]);
    const [client, node] = estimates;
    expect(client).toMatchObject({ basis: "reference", offsetNs: 0, uncertaintyNs: 0 });
    expect(node?.basis).toBe("request and reply");
    expect(Math.abs((node?.offsetNs ?? 0) - offset)).toBeLessThan(node?.uncertaintyNs ?? 0);
    // Half of what the packets were on their way, the lag of stamps and a microsecond's resolution.
    expect(node?.uncertaintyNs).toBeLessThan(80 * MICROSECOND);
  });

  test("none that the bounds ask for", () => {
    const [, node] = estimated([journey(1, between(0))]).estimates;
    expect(node).toMatchObject({ offsetNs: 0, driftPpm: 0 });
    expect(node?.uncertaintyNs).toBeGreaterThan(20 * MICROSECOND);
  });

  test("of one host: none, and nothing uncertain", () => {
    const [, node] = estimated([journey(1, between(0))], { client: "a", node: "a" }).estimates;
    expect(node).toMatchObject({ offsetNs: 0, uncertaintyNs: 0, basis: "same clock" });
  });

  test("of one host, where packets contradict it: found", () => {
    const hosts = { client: "a", node: "a" };
    const [, node] = estimated([journey(1, between(5 * SECOND))], hosts).estimates;
    expect(node?.basis).toBe("request and reply");
    expect(Math.abs((node?.offsetNs ?? 0) - 5 * SECOND)).toBeLessThan(node?.uncertaintyNs ?? 0);
  });

  test("of one host that share no packet: the same, and not shown", () => {
    const alone = [journey(1, between(0)), journey(2, [{ point: "lo", syn: 5 }])];
    const [, , lo] = estimated(alone, { node: "a", lo: "a" }).estimates;
    expect(lo).toMatchObject({ offsetNs: 0, uncertaintyNs: undefined, pairs: 0 });
  });

  test("drift over an hour", () => {
    const journeys = [0, 900, 1800, 2700, 3600].map((seconds, index) =>
      journey(index, between(SECOND + seconds * 50_000, seconds * SECOND)),
    );
    const clocks = estimated(journeys);
    const [, node] = clocks.estimates;
    expect(node?.driftPpm).toBeCloseTo(50, 1);
    for (const { connections } of alignJourneys(journeys, clocks)) {
      const [first, second] = connections;
      expect(first?.point.name).toBe("client");
      expect(Number((second?.first ?? 0n) - (first?.first ?? 0n))).toBeLessThan(110_000);
    }
  });

  test("of many conversations a thousand, from the first to the last", () => {
    const COUNT = 2999;
    const journeys = Array.from({ length: COUNT }, (_, index) =>
      journey(index, between(SECOND + index * 50_000, index * SECOND)),
    );
    const clocks = estimated(journeys);
    const [, node] = clocks.estimates;
    // A request and a reply of each.
    expect(node?.pairs).toBe(2 * 1000);
    expect(node?.driftPpm).toBeCloseTo(50, 1);
    for (const index of [0, 1000, COUNT - 1]) {
      const reference = START + BigInt(index * SECOND);
      const ahead = reference + BigInt(SECOND + index * 50_000);
      const off = Number(clocks.toReference("node", epochNs(ahead)) - reference);
      expect(Math.abs(off)).toBeLessThanOrEqual(node?.uncertaintyNs ?? 0);
    }
  });

  test("a SYN alone holds it from one side, which the TTL tells", () => {
    const lost = [
      { point: "client", syn: 0, ttl: [64, 64] as const },
      { point: "node", syn: 7 * SECOND + 30_000, ttl: [62, 62] as const },
    ];
    const [, node] = estimated([journey(1, lost)]).estimates;
    expect(node?.basis).toBe("one direction");
    expect(Math.abs((node?.offsetNs ?? 0) - 7 * SECOND)).toBeLessThan(100 * MICROSECOND);
    expect(node?.uncertaintyNs).toBeGreaterThan(SECOND);
  });

  test("by way of a third", () => {
    const journeys = [
      journey(1, between(2 * SECOND)),
      journey(2, [
        { point: "node", syn: 3 * SECOND, answer: 3 * SECOND + 300_000 },
        { point: "pod", syn: 4 * SECOND + 30_000, answer: 4 * SECOND + 230_000 },
      ]),
    ];
    const clocks = estimated(journeys);
    const pod = clocks.estimates[2];
    expect(clocks.estimates[1]?.basis).toBe("reference");
    expect(Math.abs((pod?.offsetNs ?? 0) - SECOND)).toBeLessThan(pod?.uncertaintyNs ?? 0);
    const known = clocks.uncertaintyBetween({ a: "client", b: "pod" }) ?? 0;
    expect(known).toBeGreaterThan(pod?.uncertaintyNs ?? Infinity);
  });

  test("a conversation joined wrongly does not move it", () => {
    const journeys = [1, 2, 3, 4].map((id) => journey(id, between(2 * SECOND, id * SECOND)));
    const wrong = journey(5, between(900 * SECOND, 5 * SECOND));
    const [, node] = estimated([...journeys, wrong]).estimates;
    expect(Math.abs((node?.offsetNs ?? 0) - 2 * SECOND)).toBeLessThan(node?.uncertaintyNs ?? 0);
    expect(node?.uncertaintyNs).toBeLessThan(80 * MICROSECOND);
  });

  test("one that shares nothing is not known", () => {
    const clocks = estimated([journey(1, between(0)), journey(2, [{ point: "other", syn: 9 }])]);
    expect(clocks.estimates[2]).toMatchObject({ basis: "unknown", offsetNs: 0 });
    expect(clocks.isComparable({ a: "client", b: "other" })).toBe(false);
    expect(clocks.isComparable({ a: "client", b: "node" })).toBe(true);
  });

  test("a repeated SYN is another packet than the first", () => {
    const [first, second] = journey(1, between(0)).connections;
    if (!first || !second) throw new Error("two");
    const repeated = connectionOf({
      point: "node",
      isns: [1001, 2001],
      ipId: 999,
      times: [timeOf(3 * SECOND), undefined],
      ttl: undefined,
    });
    const clocks = estimated([
      { id: "c1", protocol: "tcp", connections: [first, repeated], joinedBy: "" },
    ]);
    expect(clocks.isComparable({ a: "client", b: "node" })).toBe(false);
  });
});

test("journeys are in the order of the reference's times, and keep their ids", () => {
  const journeys = [
    journey(1, [{ point: "node", syn: -3600 * SECOND + 500 * SECOND }]),
    journey(2, between(-3600 * SECOND, 100 * SECOND)),
  ];
  const renamed = journeys.map((one, index) => ({ ...one, id: `c${index + 1}` }));
  const aligned = alignJourneys(renamed, estimated(renamed));
  expect(aligned.map(({ id, connections }) => [id, connections.length])).toEqual([
    ["c2", 2],
    ["c1", 1],
  ]);
});
