/** Times of every capture point as the reference's clock would have shown them. */
import type { Connection, DirectionFacts } from "#observed/flow/connection.js";
import { epochNs, type EpochNs } from "#net/types.js";
import type { Clocks } from "./clocks.js";
import type { Journey } from "./journey.js";
import { inOrder } from "./leg-order.js";

/**
 * In the order of these times. Their ids stay those of the captures' own times, which `flows --join`
 * tells too: what is said of the machines, and so of their clocks, must not rename a conversation.
 */
export function alignJourneys(journeys: readonly Journey[], clocks: Clocks): readonly Journey[] {
  const aligned = journeys.map((journey) => ({
    ...journey,
    connections: inOrder(journey.connections.map((one) => alignConnection(one, clocks))),
  }));
  const isAsBefore = aligned.every(({ connections }, index) =>
    connections.every((one, at) => one === journeys[index]?.connections[at]),
  );
  return isAsBefore ? journeys : sorted(aligned);
}

/** The same object where nothing changes. */
function alignConnection(connection: Connection, clocks: Clocks): Connection {
  const { point, first, last } = connection;
  const begin = clocks.toReference(point.name, first);
  const end = clocks.toReference(point.name, last);
  if (begin === first && end === last) return connection;
  const facts = (side: 0 | 1): DirectionFacts => alignFacts(connection, { side, clocks, begin });
  return { ...connection, first: begin, last: end, directions: [facts(0), facts(1)] };
}

interface Aligned {
  readonly side: 0 | 1;
  readonly clocks: Clocks;
  readonly begin: EpochNs;
}

function alignFacts(
  { point: { name }, first, directions }: Connection,
  { side, clocks, begin }: Aligned,
): DirectionFacts {
  const facts = directions[side];
  return {
    ...facts,
    ...(facts.first === undefined ? {} : { first: clocks.toReference(name, facts.first) }),
    ...(facts.firstPayload === undefined
      ? {}
      : { firstPayload: clocks.toReference(name, facts.firstPayload) }),
    ...(facts.samples === undefined
      ? {}
      : {
          samples: facts.samples.map((sample) => {
            const time = epochNs(first + BigInt(Math.round(sample.sinceFirst)));
            return { ...sample, sinceFirst: Number(clocks.toReference(name, time) - begin) };
          }),
        }),
  };
}

function sorted(journeys: readonly Journey[]): readonly Journey[] {
  const byFirst = new Map(
    journeys.flatMap((one) => (one.connections[0] ? [[one.connections[0], one] as const] : [])),
  );
  return inOrder(byFirst.keys()).flatMap((first) => byFirst.get(first) ?? []);
}
