/** Joins of the recorded cases that neither a wrong clock nor the order of the files may change. */
import { describe, expect, test } from "vitest";
import { epochNs } from "#net/types.js";
import { joinConnections } from "#observed/correlate/join.js";
import { readConntrack } from "#observed/conntrack/read-conntrack.js";
import type { Connection } from "#observed/flow/connection.js";
import { ConntrackOracle } from "../../support/conntrack-oracle.js";
import { ALL_CASES, capturesOf, filesOf, textOf, track } from "../../support/verify-recorded.js";

const HOUR_NS = 3_600_000_000_000n;

/** Parts per million that the clock goes too fast. */
const DRIFT = 50n;

/** As a clock that is wrong by an hour, and gains, would have written it. */
function shifted(connection: Connection, offset: bigint, start: bigint): Connection {
  const at = (time: bigint) => epochNs(time + offset + ((time - start) * DRIFT) / 1_000_000n);
  const { first, last } = connection;
  return { ...connection, first: at(first), last: at(last) };
}

/** Which are joined, whatever the journeys are called: each by its packet. */
function joined(connections: readonly Connection[]): readonly string[] {
  return joinConnections(connections)
    .map(({ connections: list }) => {
      const names = list.map(
        ({ packetNumbers: { first }, point }) =>
          `${point.name}#${first.packet} ${point.interface} ${point.direction}`,
      );
      return names.sort().join(", ");
    })
    .sort();
}

describe.each(ALL_CASES)("%s", (recorded) => {
  test("the clock of any second file an hour off, and the files in another order: the same joins", async () => {
    const { connections, points } = await track(capturesOf(recorded));
    const all = [...connections];
    const start = all.reduce(
      (least, { first }) => (first < least ? first : least),
      all[0]?.first ?? 0n,
    );
    const told = joined(all);
    for (const parity of [0, 1]) {
      const wrong = new Set(points.filter((_, at) => at % 2 === parity).map(({ name }) => name));
      const moved = all.map((connection) =>
        wrong.has(connection.point.name)
          ? shifted(connection, parity === 0 ? HOUR_NS : -HOUR_NS, start)
          : connection,
      );
      expect(joined(moved.reverse())).toEqual(told);
    }
  });
});

describe.each(["mixed-load", "mixed-load-mid-stream", "nodeport-200-connections"])(
  "%s with the nodes' tables",
  (recorded) => {
    test("nothing is missed, and nothing joined that is not one", async () => {
      const { connections } = await track(capturesOf(recorded));
      const conntrack = filesOf(recorded)
        .filter((file) => /\.conntrack(-events)?\.txt$/.test(file))
        .flatMap((file) => {
          const node = file.slice(0, file.indexOf("."));
          return readConntrack({ node, file, text: textOf(`${recorded}/${file}`) }).entries;
        });
      const oracle = new ConntrackOracle(recorded);
      const journeysOf = new Map<number, Set<string>>();
      const flowsOf = new Map<string, Set<number>>();
      for (const { id, connections: list } of joinConnections(connections, { conntrack })) {
        for (const connection of list) {
          const [flow, ...others] = oracle.flowsOf(connection);
          if (flow === undefined || others.length > 0) continue;
          journeysOf.set(flow, (journeysOf.get(flow) ?? new Set()).add(id));
          flowsOf.set(id, (flowsOf.get(id) ?? new Set()).add(flow));
        }
      }
      expect(journeysOf.size).toBeGreaterThan(30);
      expect([...journeysOf].filter(([, ids]) => ids.size > 1)).toEqual([]);
      expect([...flowsOf].filter(([, flows]) => flows.size > 1)).toEqual([]);
    });
  },
);
