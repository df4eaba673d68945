import { describe, expect, test } from "vitest";
import { epochNs, type EpochNs } from "#net/types.js";
import { latencyOf, type Passage, type Wait } from "#observed/correlate/latency.js";
import { connectionOf } from "../../support/timed-connection.js";

const START = 1_700_000_000_123_457_000n;
const MS = 1e6;
const timeOf = (ns: number): EpochNs => epochNs(START + BigInt(ns));

interface At {
  readonly at: string;
  /** ns since the start. */
  readonly syn: number;
  readonly answer: number;
  /** How often the SYN came by; each has an identification of its own. */
  readonly syns?: number;
}

function passage({ at, syn, answer, syns = 1 }: At): Passage {
  const connection = connectionOf({
    point: at,
    isns: [1, 2],
    ipId: 300 + syns,
    times: [timeOf(syn), timeOf(answer)],
    ttl: undefined,
  });
  const [request, reply] = connection.directions;
  return { at, side: 0, connection: { ...connection, directions: [{ ...request, syns }, reply] } };
}

const sideOf =
  (side: 0 | 1) =>
  (one: Passage): Passage => ({ ...one, side });

function latency(points: readonly At[], uncertaintyNs: number | undefined) {
  const requests = points.map(passage);
  const replies = requests.map(sideOf(1)).toReversed();
  return latencyOf({ requests, replies }, { uncertaintyBetween: () => uncertaintyNs });
}

test("each way between two points, with what the clocks add", () => {
  const { hops } = latency(
    [
      { at: "eth0", syn: 0, answer: 3 * MS },
      { at: "cni0", syn: MS, answer: 2.5 * MS },
    ],
    54_000,
  );
  const told = hops.map(({ direction, from, to, medianNs }) => [direction, from, to, medianNs]);
  expect(told).toEqual([
    ["request", "eth0", "cni0", MS],
    ["reply", "cni0", "eth0", 0.5 * MS],
  ]);
  expect(hops.map(({ uncertaintyNs }) => uncertaintyNs)).toEqual([54_000, 54_000]);
});

test("what the clocks make negative is told", () => {
  const [request] = latency(
    [
      { at: "eth0", syn: MS, answer: 3 * MS },
      { at: "cni0", syn: 0.9 * MS, answer: 2 * MS },
    ],
    200_000,
  ).hops;
  expect(request?.minNs).toBe(-0.1 * MS);
});

describe("where it waited", () => {
  // prettier-ignore
  const ROWS: readonly (readonly [string, readonly At[], Partial<Wait>])[] = [
    ["at the server", [{ at: "eth0", syn: 0, answer: 1202 * MS }, { at: "cni0", syn: MS, answer: 1201 * MS }],
      { kind: "server", ns: 1200 * MS, from: "cni0" }],
    ["on the way", [{ at: "eth0", syn: 0, answer: 3002 * MS }, { at: "cni0", syn: 3000 * MS, answer: 3001 * MS }],
      { kind: "path", ns: 3000 * MS, from: "eth0", to: "cni0", direction: "request" }],
    ["until a repeated SYN got through", [{ at: "eth0", syn: 0, syns: 3, answer: 3052 * MS }, { at: "cni0", syn: 3050 * MS, answer: 3051 * MS }],
      { kind: "handshake", ns: 3050 * MS, from: "eth0", to: "cni0" }],
  ];

  test.each(ROWS)("%s", (_, points, expected) => {
    expect(latency(points, 0).wait).toMatchObject(expected);
  });

  test("nothing is said that the clocks may explain", () => {
    const points = [
      { at: "eth0", syn: 0, answer: 3002 * MS },
      { at: "cni0", syn: 3000 * MS, answer: 3001 * MS },
    ];
    expect(latency(points, 4e9).wait).toMatchObject({ kind: "server", ns: MS });
    expect(latency(points, undefined).wait).toMatchObject({ kind: "server", ns: MS });
  });
});
