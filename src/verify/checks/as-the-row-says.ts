/** Where a user's row has other tuples than the built-in one, what is seen must be what the row says. */
import { formatTuple } from "#net/five-tuple.js";
import type { PointRow, TupleRow } from "#expected/scenarios/scenario.js";
import type { Case } from "#verify/case.js";
import type { Sighting } from "#verify/sighting.js";
import { formatTupleRow, isOfTuple } from "#verify/stops-row-tuples.js";
import type { CheckDefinition, Outcome } from "./check.js";

export const asTheRowSays: CheckDefinition = {
  nameFor: () => "as the row says",
  examine(theCase) {
    const seen = theCase.points.flatMap((point) => {
      const row = governedAt(theCase, theCase.rowPointOf(point));
      const here = theCase.sightings.filter((sighting) => sighting.point === point.name);
      return row ? here.map((sighting) => ({ row, sighting })) : [];
    });
    const stranger = seen.find(({ row, sighting }) => !isTold(theCase, row, sighting));
    if (stranger) return contradicted(theCase, stranger);
    const [first] = seen;
    const sightings = seen.map(({ sighting }) => sighting);
    const expected = "at each capture point what the row has there";
    if (!first) {
      const observed = "nothing was captured where the row differs from the built-in one";
      return { verdict: "not applicable", expected, observed };
    }
    const names = [...new Set(sightings.map(({ point }) => point))].join(", ");
    return { verdict: "pass", expected, observed: `seen so at ${names}`, sightings };
  },
};

/** False also of a built-in row. */
export function hasOtherTuples(theCase: Case): boolean {
  return theCase.row.points.some(({ at }) => governedAt(theCase, at) !== undefined);
}

/** The row's own word for a point, where the built-in row has another. */
function governedAt({ row, ownRow }: Case, at: PointRow["at"] | undefined): PointRow | undefined {
  const point = row.points.find((candidate) => candidate.at === at);
  const builtIn = ownRow?.builtIn?.points.find((candidate) => candidate.at === at);
  if (!ownRow || !point || point.seen === "never") return undefined;
  return builtIn && textOf(builtIn) === textOf(point) ? undefined : point;
}

const textOf = ({ requests, replies }: PointRow): string => JSON.stringify([requests, replies]);

interface Seen {
  readonly row: PointRow;
  readonly sighting: Sighting;
}

function isTold(theCase: Case, row: PointRow, sighting: Sighting): boolean {
  return tuplesOf(row, sighting).some((tuple) => isOfTuple(theCase, tuple, sighting));
}

function tuplesOf({ requests, replies }: PointRow, { direction }: Sighting): readonly TupleRow[] {
  return direction === "request" ? requests : replies;
}

function contradicted(theCase: Case, { row, sighting }: Seen): Outcome {
  const { point, direction, source, destination } = sighting;
  const told = tuplesOf(row, sighting).map((tuple) => {
    const ends = formatTupleRow(theCase, tuple);
    return `${ends.source} > ${ends.destination}`;
  });
  const expected = told.length > 0 ? told.join(" or ") : `no ${direction}`;
  const observed = formatTuple({ source, destination });
  return {
    verdict: "fail",
    expected: `${expected} at ${point}`,
    observed: `${observed} (${point})`,
    sightings: [sighting],
  };
}
