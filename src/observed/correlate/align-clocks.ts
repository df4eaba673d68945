/** Times of every capture point as the reference's clock would have shown them. */
import type { Connection, DirectionFacts } from "#observed/flow/connection.js";
import { epochNs, type EpochNs } from "#net/types.js";
import type { Clocks } from "./clocks.js";
import type { Journey } from "./journey.js";
import { inOrder } from "./leg-order.js";

/** In the order of these times, and numbered anew by it. */
export function alignJourneys(journeys: readonly Journey[], clocks: Clocks): readonly Journey[] {
  const aligned = journeys.map((journey) => ({
    ...journey,
    connections: inOrder(journey.connections.map((one) => alignConnection(one, clocks))),
  }));
  const isAsBefore = aligned.every(({ connections }, index) =>
    connections.every((one, at) => one === journeys[index]?.connections[at]),
  );
  return isAsBefore ? journeys : renumbered(aligned);
}

/** The same object where nothing changes. */
export function alignConnection(connection: Connection, clocks: Clocks): Connection {
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

function renumbered(journeys: readonly Journey[]): readonly Journey[] {
  const byFirst = new Map(
    journeys.flatMap((one) => (one.connections[0] ? [[one.connections[0], one] as const] : [])),
  );
  const sorted = inOrder(byFirst.keys()).flatMap((first) => byFirst.get(first) ?? []);
  const ids = new Map(sorted.map(({ id }, index) => [id, `c${index + 1}`]));
  const idOf = (id: string): string => ids.get(id) ?? id;
  return sorted.map((journey) => ({
    ...journey,
    id: idOf(journey.id),
    ...(journey.ambiguousWith ? { ambiguousWith: journey.ambiguousWith.map(idOf) } : {}),
  }));
}
