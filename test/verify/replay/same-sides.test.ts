/** Captures that began in mid-stream disagree on who was first; sequence numbers tell. */
import { expect, test } from "vitest";
import type { Connection, SequenceRange } from "#observed/flow/connection.js";
import { withSameSides } from "#verify/replay/same-sides.js";
import { seen } from "../../support/verify-connection.js";

const range = (start: number): SequenceRange => ({
  start,
  end: (start + 500) >>> 0,
  acknowledged: start,
});

const midStream = (tuple: string, [sent, answered]: readonly [number, number]): Connection => {
  const shown = seen({ at: "node1.eth0", tuple, isn: [undefined, undefined] });
  const [one, other] = shown.directions;
  return {
    ...shown,
    directions: [
      { ...one, sequence: range(sent) },
      { ...other, sequence: range(answered) },
    ],
  };
};

const CLIENT = "10.233.2.2:41002";
const SERVER = "10.233.1.2:8080";

// prettier-ignore
test.each([
  { name: "the same end first",      other: midStream(`${CLIENT} > ${SERVER}`, [1100, 9100]), first: 41_002 },
  { name: "the other end first",     other: midStream(`${SERVER} > ${CLIENT}`, [9100, 1100]), first: 41_002 },
  { name: "nothing in common",       other: midStream(`${SERVER} > ${CLIENT}`, [500_000, 700_000]), first: 8080 },
  { name: "a handshake stays as it is", other: seen({ at: "pod:web", tuple: `${SERVER} > ${CLIENT}` }), first: 8080 },
])("$name", ({ other, first }) => {
  const [, turned] = withSameSides([midStream(`${CLIENT} > ${SERVER}`, [1000, 9000]), other]);
  expect(turned?.originator.port).toBe(first);
});
