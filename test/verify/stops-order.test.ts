import { expect, test } from "vitest";
import { stopsAlongPath, type StopPlace } from "#verify/stops-order.js";

interface Row extends StopPlace {
  readonly name: string;
}

function order(rows: readonly Row[]): string {
  return stopsAlongPath(rows, (row) => row)
    .map(({ name }) => name)
    .join(" ");
}

test.each([
  {
    what: "by rank, whatever the TTL says",
    rows: [
      { name: "pod", rank: 9, ttl: 64 },
      { name: "client", rank: -1, ttl: 63 },
    ],
    told: "client pod",
  },
  {
    what: "what nobody foretold behind the last stop with as few hops",
    rows: [
      { name: "client", rank: -1, ttl: 64 },
      { name: "pod", rank: 9, ttl: 62 },
      { name: "stray", rank: undefined, ttl: 63 },
    ],
    told: "client stray pod",
  },
  {
    what: "a stop that shows nothing holds nobody up",
    rows: [
      { name: "client", rank: -1, ttl: 64 },
      { name: "bridge", rank: 3, ttl: undefined },
      { name: "stray", rank: undefined, ttl: 64 },
    ],
    told: "client stray bridge",
  },
])("$what", ({ rows, told }) => {
  expect(order(rows)).toBe(told);
});
