/**
 * What was joined, held against the kernel's own conntrack tables: of all pairs of connections that
 * are one flow (or two) by conntrack, how many were joined (or were wrongly).
 */
import { afterAll, describe, expect, test } from "vitest";
import { formatEndpoint } from "#net/five-tuple.js";
import { joinConnections } from "#observed/correlate/join.js";
import type { Connection } from "#observed/flow/connection.js";
import { ConntrackOracle } from "../../support/conntrack-oracle.js";
import { ALL_CASES, capturesOf, track } from "../../support/verify-recorded.js";

interface Known {
  readonly connection: Connection;
  readonly journey: string;
  readonly flows: ReadonlySet<number>;
}

/** Pairs of connections of one case. */
interface Pairs {
  readonly right: number;
  readonly wrong: readonly string[];
  readonly missed: readonly string[];
}

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

function knownOf(connections: Iterable<Connection>, oracle: ConntrackOracle): readonly Known[] {
  return joinConnections(connections)
    .flatMap(({ id, connections: joined }) =>
      joined.map((connection) => ({ connection, journey: id, flows: oracle.flowsOf(connection) })),
    )
    .filter(({ flows }) => flows.size > 0);
}

function pairsOf(known: readonly Known[]): Pairs {
  let right = 0;
  const wrong: string[] = [];
  const missed: string[] = [];
  for (const [at, a] of known.entries()) {
    for (const b of known.slice(at + 1)) {
      const isJoined = a.journey === b.journey;
      const common = [...a.flows].filter((flow) => b.flows.has(flow)).length;
      if (isJoined && common === 0) wrong.push(describePair(a, b));
      // Where two share some of their flows only, conntrack does not decide.
      if (common !== a.flows.size || common !== b.flows.size) continue;
      if (isJoined) right += 1;
      else missed.push(describePair(a, b));
    }
  }
  return { right, wrong, missed };
}

const describePair = (a: Known, b: Known): string =>
  `${a.journey} ${describeOf(a.connection)} and ${b.journey} ${describeOf(b.connection)}`;

const describeOf = ({ point, protocol, originator, responder }: Connection): string =>
  `${point.name} ${protocol} ${formatEndpoint(originator)} > ${formatEndpoint(responder)}`;

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

function lineOf(name: string, pairs: readonly Pairs[]): string {
  const sum = (count: (of: Pairs) => number) => pairs.reduce((all, of) => all + count(of), 0);
  const right = sum((of) => of.right);
  const wrong = sum((of) => of.wrong.length);
  const missed = sum((of) => of.missed.length);
  const share = (of: number) => (of === 0 ? "-" : (right / of).toFixed(4));
  const figures = `${right} right, ${wrong} wrong, ${missed} missed`;
  return `  ${name.padEnd(18)} precision ${share(right + wrong)}  recall ${share(right + missed)}  (${figures})\n`;
}

function groupBy<Value>(values: readonly Value[], keyOf: (value: Value) => string) {
  const groups = new Map<string, Value[]>();
  for (const value of values) {
    groups.set(keyOf(value), [...(groups.get(keyOf(value)) ?? []), value]);
  }
  return groups;
}
