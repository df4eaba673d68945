/** Packed connections are joined as the same connections are as objects. */
import { describe, expect, test } from "vitest";
import { joinConnections } from "#observed/correlate/join.js";
import { journeyNumbers } from "#observed/correlate/join-packed.js";
import type { ConnectionList } from "#observed/flow/connection-list.js";
import { FlowTracker } from "#observed/flow/tracker.js";
import { epochNs } from "#net/types.js";
import { capturesOf, CASES, track } from "../../support/verify-recorded.js";
import { BASE, feed, segments } from "../flow/support.js";

/** By list and place, as the program lists them. */
function asObjects(lists: readonly ConnectionList[]): readonly string[] {
  const connections = lists.flatMap((list) => [...list]);
  const ids = new Map(
    joinConnections(connections).flatMap(({ id, connections: joined }) =>
      joined.map((connection) => [connection, id] as const),
    ),
  );
  return connections.map((connection) => ids.get(connection) ?? "");
}

const asPacked = (lists: readonly ConnectionList[]): readonly string[] =>
  [...journeyNumbers(lists)].map((number) => `c${number}`);

describe("every recorded case", () => {
  for (const recorded of CASES) {
    test(`${recorded}: all captures`, async () => {
      const { lists } = await track(capturesOf(recorded));
      expect(asPacked(lists)).toEqual(asObjects(lists));
    });
  }
});

interface PointScript {
  readonly point: string;
  readonly script: string;
  /** ms after the others. */
  readonly startMs?: number;
}

function listOf({ point, script, startMs = 0 }: PointScript): ConnectionList {
  const tracker = new FlowTracker({ facts: "all" });
  const baseTime = epochNs(BASE + BigInt(startMs) * 1_000_000n);
  tracker.startFile({ file: `${point}.pcap`, point, baseTime });
  feed(tracker, segments(script));
  return tracker.list();
}

const HANDSHAKE = `
  > S 100
  < SA 500 ack 101
  > A 101+50 ack 501 at 20`;

// prettier-ignore
const ROWS: readonly { name: string; points: readonly PointScript[]; numbers: readonly number[] }[] = [
  { name: "nothing", points: [], numbers: [] },
  { name: "a point without connections", points: [{ point: "a", script: "" }, { point: "b", script: HANDSHAKE }], numbers: [1] },
  { name: "both numbers", points: [{ point: "a", script: HANDSHAKE }, { point: "b", script: HANDSHAKE }], numbers: [1, 1] },
  { name: "other numbers", points: [{ point: "a", script: HANDSHAKE }, { point: "b", script: HANDSHAKE.replaceAll("500", "700").replaceAll("501", "701"), startMs: 1 }], numbers: [1, 2] },
  { name: "numbered by time, not by point", points: [{ point: "a", script: HANDSHAKE, startMs: 5 }, { point: "b", script: HANDSHAKE.replaceAll("500", "700") }], numbers: [2, 1] },
  { name: "of one time by name", points: [{ point: "b", script: HANDSHAKE }, { point: "a", script: HANDSHAKE.replaceAll("500", "700") }], numbers: [2, 1] },
  { name: "mid-stream by the ranges of one that is named", points: [{ point: "a", script: HANDSHAKE }, { point: "b", script: "> A 101+50 ack 501\n< A 501 ack 151" , startMs: 30 }], numbers: [1, 1] },
  { name: "one direction only", points: [{ point: "a", script: HANDSHAKE }, { point: "b", script: "> S 100\n> A 101+50 ack 501" , startMs: 30 }], numbers: [1, 1] },
];

describe("by hand", () => {
  for (const { name, points, numbers } of ROWS) {
    test(`journeys of ${name}`, () => {
      const lists = points.map(listOf);
      expect([...journeyNumbers(lists)]).toEqual(numbers);
      expect(asPacked(lists)).toEqual(asObjects(lists));
    });
  }
});
