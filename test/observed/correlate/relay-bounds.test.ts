/** Clocks of points that share no packet, by what a proxy passes on. */
import { describe, expect, test } from "vitest";
import { epochNs } from "#net/types.js";
import type { Relay } from "#observed/correlate/clock-evidence.js";
import { estimateClocks } from "#observed/correlate/estimate-clocks.js";
import type { Journey } from "#observed/correlate/journey.js";
import type { ClockEstimate } from "#observed/correlate/clocks.js";
import type { Connection } from "#observed/flow/connection.js";
import { connectionOf } from "../../support/timed-connection.js";

const START = 1_700_000_000_123_457_000n;
const SECOND = 1e9;

interface Passed {
  readonly point: string;
  /** ns since the start, of the first bytes from the client and from the server. */
  readonly request: number;
  readonly reply: number;
  readonly retransmissions?: number;
}

function journey(id: string, { point, request, reply, retransmissions = 0 }: Passed): Journey {
  const [sent, answered] = [request, reply].map((at) => epochNs(START + BigInt(at)));
  if (sent === undefined || answered === undefined) throw new Error("no times");
  const plain = connectionOf({
    point,
    isns: [1000, 2000],
    ipId: 0,
    times: [sent, answered],
    ttl: undefined,
  });
  const [there, back] = plain.directions;
  const payload = { firstPayloadHash: 7, firstPayloadLength: 70, retransmissions };
  const connection: Connection = {
    ...plain,
    directions: [
      { ...there, ...payload, firstPayload: sent },
      { ...back, ...payload, firstPayload: answered },
    ],
  };
  return { id, protocol: "tcp", connections: [connection], joinedBy: undefined };
}

interface Row {
  readonly name: string;
  /** lo's clock less eth0's, ns, for each request. */
  readonly offsets: readonly number[];
  readonly retransmissions?: number;
  readonly lo: Partial<ClockEstimate>;
}

/** A second apart, the first bytes 90 us at the sidecar, the answer 30 us. */
function relays({ offsets, retransmissions = 0 }: Row): readonly Relay[] {
  return offsets.map((offset, index) => {
    const at = index * SECOND;
    const first = { point: "pod.eth0", request: at, reply: at + 1_000_000 };
    const [request, reply] = [at + 90_000 + offset, at + 970_000 + offset];
    const second = { point: "pod.lo", request, reply, retransmissions };
    return {
      first: journey(`c${2 * index + 1}`, first),
      second: journey(`c${2 * index + 2}`, second),
    };
  });
}

function estimateOfLo(row: Row): ClockEstimate | undefined {
  const found = relays(row);
  const clocks = estimateClocks({
    journeys: found.flatMap(({ first, second }) => [first, second]),
    points: ["pod.eth0", "pod.lo"],
    hostOf: () => "node node1",
    relays: () => found,
  });
  return clocks.estimates[1];
}

const HOUR = 3600 * SECOND;
const BY_HOST = { offsetNs: 0, uncertaintyNs: undefined, pairs: 0 } as const;

describe("a pod's lo, which shares no packet with its eth0", () => {
  // prettier-ignore
  const ROWS: readonly Row[] = [
    { name: "in step: nothing is moved",                 offsets: [0, 0, 0],                         lo: { offsetNs: 0, uncertaintyNs: 0, basis: "same clock", pairs: 3, isRelayed: true } },
    { name: "an hour ahead: found",                      offsets: [HOUR, HOUR, HOUR],                lo: { offsetNs: HOUR + 30_000, basis: "request and reply", pairs: 3, isRelayed: true } },
    { name: "one that contradicts is left out",          offsets: [HOUR, HOUR, HOUR, 8 * SECOND],    lo: { offsetNs: HOUR + 30_000, pairs: 3 } },
    { name: "two may agree by chance",                   offsets: [HOUR, HOUR],                      lo: BY_HOST },
    { name: "fewer agree than do not",                   offsets: [1, 1, 1, 2, 4, 8].map((n) => n * SECOND), lo: BY_HOST },
    { name: "sent again: later than it came by first",   offsets: [HOUR, HOUR, HOUR], retransmissions: 1,    lo: BY_HOST },
  ];

  test.each(ROWS)("$name", (row) => {
    expect(estimateOfLo(row)).toMatchObject(row.lo);
  });

  test("the offset is within its uncertainty", () => {
    const lo = estimateOfLo({ name: "", offsets: [HOUR, HOUR, HOUR], lo: {} });
    expect(Math.abs((lo?.offsetNs ?? 0) - HOUR)).toBeLessThan(lo?.uncertaintyNs ?? 0);
    expect(lo?.uncertaintyNs).toBeLessThan(200_000);
  });
});
