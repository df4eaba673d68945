/**
 * What was joined, held against the kernel's own conntrack tables: of all pairs of connections that
 * are one flow (or two) by conntrack, how many were joined (or were wrongly).
 */
import { afterAll, describe, expect, test } from "vitest";
import { ConntrackOracle } from "../../support/conntrack-oracle.js";
import { knownOf, lineOf, pairsOf, type Pairs } from "../../support/joined-pairs.js";
import { ALL_CASES, capturesOf, track } from "../../support/verify-recorded.js";

const judged: { readonly recorded: string; readonly protocol: string; readonly pairs: Pairs }[] =
  [];

describe.each(ALL_CASES)("%s", (recorded) => {
  const oracle = new ConntrackOracle(recorded);

  test("no wrong pair is joined, and none is missed", async () => {
    const { connections } = await track(capturesOf(recorded));
    const known = knownOf(connections, oracle);
    const byProtocol = groupBy(known, ({ connection }) => connection.protocol);
    const pairs = [...byProtocol].map(([protocol, some]) => ({
      recorded,
      protocol,
      pairs: pairsOf(some),
    }));
    judged.push(...pairs);
    expect(pairs.flatMap(({ pairs: { wrong } }) => wrong)).toEqual([]);
    expect(pairs.flatMap(({ pairs: { missed } }) => missed)).toEqual([]);
    // The kernel forgets a refused connection at once: then its table decides nothing.
    expect(known.length > 0).toBe(!oracle.knowsNothing);
  });
});

/** Two captures are enough to join by, and too few to be sure of everything. */
describe("between any two captures", () => {
  test.each(ALL_CASES.filter((recorded) => recorded.startsWith("mixed-load")))(
    "%s: no wrong pair is joined",
    async (recorded) => {
      const oracle = new ConntrackOracle(recorded);
      const captures = capturesOf(recorded);
      const wrong: string[] = [];
      for (const [at, one] of captures.entries()) {
        for (const other of captures.slice(at + 1)) {
          const { connections } = await track([one, other]);
          wrong.push(...pairsOf(knownOf(connections, oracle)).wrong);
        }
      }
      expect(wrong).toEqual([]);
    },
  );
});

const CLASSES: readonly (readonly [name: string, belongs: (recorded: string) => boolean])[] = [
  ["mixed load", (recorded) => recorded === "mixed-load"],
  ["mid-stream", (recorded) => recorded.includes("mid-")],
  ["healthy", (recorded) => !recorded.startsWith("broken-")],
  ["broken", () => true],
];

afterAll(() => {
  const named = judged.map(({ recorded, ...rest }) => ({
    ...rest,
    of: CLASSES.find(([, belongs]) => belongs(recorded))?.[0] ?? "",
  }));
  const rows = [...groupBy(named, ({ of, protocol }) => `${of}, ${protocol}`)]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, some]) =>
      lineOf(
        name,
        some.map(({ pairs }) => pairs),
      ),
    );
  const total = lineOf(
    "all",
    judged.map(({ pairs }) => pairs),
  );
  process.stdout.write(`pairs joined, held against conntrack:\n${[...rows, total].join("")}`);
});

function groupBy<Value>(values: readonly Value[], keyOf: (value: Value) => string) {
  const groups = new Map<string, Value[]>();
  for (const value of values) {
    groups.set(keyOf(value), [...(groups.get(keyOf(value)) ?? []), value]);
  }
  return groups;
}
