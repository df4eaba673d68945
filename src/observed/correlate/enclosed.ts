import type { Connection } from "#observed/flow/connection.js";
import type { Candidate } from "./joining.js";
import type { Legs } from "./legs.js";

/**
 * Candidates of which one file tells by its one clock that they are one: what goes on leaves after it came in,
 * and its answer comes back before it is passed on. A question and answer that lie within those of one
 * other leg alone, and the reverse, have no other counterpart, provided that as many went on as came in.
 */
export function enclosedPairs(
  component: readonly Candidate[],
  connections: Legs,
): ReadonlyMap<number, number> {
  const sides = [0, 1].map((side) => new Set(component.map(({ legs }) => legs[side])));
  if (sides[0]?.size !== sides[1]?.size) return new Map();
  const fitting = component.filter(({ legs: [a, b] }) => {
    const [one, other] = [connections.at(a), connections.at(b)];
    return one && other && isOneFile(one, other) && (encloses(one, other) || encloses(other, one));
  });
  const lone = fitting.filter(
    ({ legs: [a, b] }) =>
      fitting.filter(({ legs: [c, d] }) => a === c || b === d || a === d || b === c).length === 1,
  );
  return new Map(lone.map(({ legs }) => legs));
}

const isOneFile = (one: Connection, other: Connection): boolean =>
  one.point.name === other.point.name && one.files[0] === other.files[0];

/** The first question and answer of the one around those of the other. */
function encloses(one: Connection, other: Connection): boolean {
  const [question, answer] = one.directions;
  const [passedOn, cameBack] = other.directions;
  if (question.first === undefined || answer.first === undefined) return false;
  if (passedOn.first === undefined || cameBack.first === undefined) return false;
  const isAsked = question.first <= passedOn.first && passedOn.first <= cameBack.first;
  return isAsked && cameBack.first <= answer.first;
}
