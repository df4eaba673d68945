/** Journeys held against conntrack, pair by pair of their connections. */
import { formatEndpoint } from "#net/five-tuple.js";
import { joinConnections } from "#observed/correlate/join.js";
import type { Connection } from "#observed/flow/connection.js";
import type { ConntrackOracle } from "./conntrack-oracle.js";

/** A connection that conntrack knows, and the journey that it was joined to. */
export interface Known {
  readonly connection: Connection;
  readonly journey: string;
  readonly flows: ReadonlySet<number>;
}

export interface Pairs {
  /** One flow, and one journey. */
  readonly right: number;
  /** One journey, and no flow in common. */
  readonly wrong: readonly string[];
  /** One flow, and two journeys. */
  readonly missed: readonly string[];
}

export function knownOf(
  connections: Iterable<Connection>,
  oracle: ConntrackOracle,
): readonly Known[] {
  return joinConnections(connections)
    .flatMap(({ id, connections: joined }) =>
      joined.map((connection) => ({ connection, journey: id, flows: oracle.flowsOf(connection) })),
    )
    .filter(({ flows }) => flows.size > 0);
}

export function pairsOf(known: readonly Known[]): Pairs {
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

/** A line of the table that a test prints. */
export function lineOf(name: string, pairs: readonly Pairs[]): string {
  const sum = (count: (of: Pairs) => number) => pairs.reduce((all, of) => all + count(of), 0);
  const right = sum((of) => of.right);
  const wrong = sum((of) => of.wrong.length);
  const missed = sum((of) => of.missed.length);
  const share = (of: number) => (of === 0 ? "-" : (right / of).toFixed(4));
  const figures = `${right} right, ${wrong} wrong, ${missed} missed`;
  return `  ${name.padEnd(24)} precision ${share(right + wrong)}  recall ${share(right + missed)}  (${figures})\n`;
}
