/** Identical datagrams without identification, through a masquerade that leaves no client's end as it was. */
import { expect, test } from "vitest";
import { joinConnections } from "#observed/correlate/join.js";
import type { Connection } from "#observed/flow/connection.js";
import { instant, seen } from "../../support/verify-connection.js";

interface Leg {
  readonly at: string;
  readonly from: string;
  /** Milliseconds of the question and of its answer. */
  readonly times: readonly [number, number];
}

function leg({ at, from, times: [asked, answered] }: Leg): Connection {
  const tuple = `${from} > 198.51.100.79:53`;
  const one = seen({ at, tuple, protocol: "udp", ipId: 0, payload: 9, ms: asked });
  const [question, answer] = one.directions;
  const directions = [
    { ...question, first: instant(asked) },
    { ...answer, first: instant(answered) },
  ] as const;
  return { ...one, directions };
}

const came = (port: number, ...times: [number, number]): Leg => ({
  at: "node1.any/if6",
  from: `10.233.1.3:${port}`,
  times,
});
const left = (port: number, ...times: [number, number]): Leg => ({
  at: "node1.any/if2",
  from: `10.20.32.204:${port}`,
  times,
});

const FIRST = [came(42_501, 0, 3), left(1001, 1, 2)];
const SECOND = [came(42_502, 4, 7), left(1002, 5, 6)];
const elsewhere = ({ from, times }: Leg): Leg => ({ at: "client", from, times });

test.each([
  { what: "one after the other", legs: [...FIRST, ...SECOND], journeys: 2 },
  {
    what: "begun before the first is answered",
    legs: [...FIRST, came(42_502, 2, 7), left(1002, 4, 6)],
    journeys: 2,
  },
  {
    what: "answered within both",
    legs: [...FIRST, came(42_502, 1, 4), left(1002, 2, 3)],
    journeys: 4,
  },
  { what: "at the same time", legs: [...FIRST, came(42_502, 0, 3), left(1002, 1, 2)], journeys: 4 },
  { what: "one not passed on", legs: [came(42_501, 0, 3), ...SECOND], journeys: 3 },
  {
    what: "in two files, whose clocks may differ",
    legs: [...FIRST, ...SECOND].map((one) => (one.at === "node1.any/if2" ? elsewhere(one) : one)),
    journeys: 4,
  },
])("two questions, $what: $journeys journeys", ({ legs, journeys }) => {
  const joined = joinConnections(legs.map(leg));
  expect(joined).toHaveLength(journeys);
  const isOpen = journeys > 2;
  expect(joined.some(({ ambiguousWith = [] }) => ambiguousWith.length > 0)).toBe(isOpen);
});

test("what one file decides holds of all that show the same two ends", () => {
  const others = [...FIRST, ...SECOND].map(({ at, ...rest }) => ({
    ...rest,
    at: at === "node1.any/if2" ? "client" : "pod:p1b",
  }));
  const joined = joinConnections([...FIRST, ...SECOND, ...others].map(leg));
  expect(joined.map(({ connections }) => connections.length)).toEqual([4, 4]);
  expect(joined.flatMap(({ ambiguousWith = [] }) => ambiguousWith)).toEqual([]);
});
