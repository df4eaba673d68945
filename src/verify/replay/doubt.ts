/** Why a connection is not judged, though paths of the model are near it. */
import {
  formatPredictedEndpoint,
  samePredictedEndpoint,
} from "#expected/netfilter/predicted-tuple.js";
import type { Scenario } from "#expected/scenarios/scenario.js";
import { distance, explainsAll } from "./compare.js";
import { describeDialled } from "#verify/dialled.js";
import type { Judgement, Option } from "./judgement.js";
import { captureAt } from "./place-words.js";
import type { ReplayOutcome } from "./replay-check.js";

export interface Question {
  readonly owners: ReadonlySet<Scenario | undefined>;
  readonly scenario: Scenario | undefined;
}

/** Why a connection is not judged; undefined where it is. A wrong yes would accuse a healthy node. */
export function doubtAbout(
  judgement: Judgement,
  { owners, scenario }: Question,
): ReplayOutcome | undefined {
  const { nearest, isDialSeen } = judgement;
  const [best] = nearest;
  const expected = scenario?.title ?? "a connection that a scenario is about";
  const isOther = scenario !== undefined && !owners.has(scenario);
  const names = [...owners].flatMap((owner) => owner?.name ?? []);
  if (isOther || names.length === 0) {
    const observed =
      names.length === 0 ? "no scenario describes such a connection" : describeOptions(nearest);
    const missing = names.length === 1 ? [`--scenario ${names[0]}`] : [];
    return { verdict: "not applicable", expected, observed, missing };
  }
  if (isAgainst(judgement)) return disagreement(judgement, expected);
  // Whatever was dialled, this is how it should look.
  if (owners.size > 1 && scenario === undefined && isExplained(judgement)) return undefined;
  if (owners.size > 1) {
    const observed = `may be ${describeOptions(nearest)}`;
    return { verdict: "inconclusive", expected, observed, missing: whereDialled(judgement) };
  }
  const unlisted = unlistedDestination(best);
  if (unlisted !== undefined) {
    const observed = `${unlisted} is translated, and the topology does not say what it is`;
    const missing = ["the Service, pod or client of that address in the topology"];
    return { verdict: "inconclusive", expected, observed, missing };
  }
  if (!isDialSeen && !explainsAll(best.comparison)) {
    const observed = `nothing shows what was dialled; nearest is ${describeOptions([best])}`;
    return { verdict: "inconclusive", expected, observed, missing: whereDialled(judgement) };
  }
  return undefined;
}

/** The packets are explained by a dial that is not the one of the entry. */
function isAgainst({ dialled, nearest: [best] }: Judgement): boolean {
  if (dialled?.kind === "contradicted") return true;
  return dialled?.kind === "unlisted" && explainsAll(best.comparison);
}

function disagreement(judgement: Judgement, expected: string): ReplayOutcome {
  const observed = `looks like ${describeOptions(judgement.nearest)}`;
  return { verdict: "inconclusive", expected, observed, missing: whereDialled(judgement) };
}

/** Taken for an address outside because nothing lists it, and translated to one inside. */
function unlistedDestination({ dial, comparison }: Option): string | undefined {
  const { end } = comparison.path;
  if (end.kind !== "delivered" || end.to.kind !== "outside") return undefined;
  const { destination } = dial.tuple;
  const strayed = comparison.flows.some(
    ({ flow, sighting }) =>
      sighting === undefined &&
      flow.side === 0 &&
      flow.tuple.destination.address !== destination.address,
  );
  return strayed ? formatPredictedEndpoint(destination) : undefined;
}

export function isExplained({ nearest }: Judgement): boolean {
  return nearest.every(({ comparison }) => distance(comparison) === 0);
}

/** What a verdict rests on where the dial itself was not captured. */
export const NOT_SHOWN = "no capture shows what was dialled, and it looks like";

const MAX_OPTIONS = 4;

export function describeOptions(options: readonly Option[]): string {
  const names = options.flatMap(({ classified }) =>
    classified ? [`${classified.scenario.name} (${nameOf(classified)})`] : [],
  );
  const unique = [...new Set(names)];
  const more = unique.length > MAX_OPTIONS ? [`${unique.length - MAX_OPTIONS} others`] : [];
  return [...unique.slice(0, MAX_OPTIONS), ...more].join(", or ");
}

export function nameOf({ row, scenario }: NonNullable<Option["classified"]>): string {
  return row?.name ?? scenario.title;
}

/** Where whoever dials would be seen before anything is translated. */
function whereDialled({ nearest: options, dialled }: Judgement): readonly string[] {
  const first = options.flatMap(({ comparison: { sightings } }) =>
    sightings
      .filter(({ direction, seen }) => direction === "request" && seen === "must")
      .slice(0, 1),
  );
  const isShown = options.some(({ dial, comparison }) =>
    comparison.sightings.some(
      ({ tuple, direction }) =>
        direction === "request" && samePredictedEndpoint(tuple.destination, dial.tuple.destination),
    ),
  );
  const told = conntrackSays(dialled);
  // A node's own process is translated before its packet reaches any interface.
  if (!isShown)
    return told ?? [`conntrack -L of ${nodesOf(options)}: it has the address that was dialled`];
  const taps = [...new Set(first.map(({ point }) => captureAt(point)))].slice(0, 3);
  const needed = [...(told ?? []), ...taps];
  return needed.length > 0 ? needed : [ANYWHERE_BEFORE];
}

/** No point is sure to show it: a bridge without `-p`, say, only may. */
const ANYWHERE_BEFORE =
  "a capture at whoever dials: in its network namespace, or where its packets enter the node";

/** Why the tables that were given do not decide; undefined where none were. */
function conntrackSays(dialled: Judgement["dialled"]): readonly string[] | undefined {
  switch (dialled?.kind) {
    case "unknown":
      return [`conntrack -E on each node while it is dialled: what was given ${dialled.reason}`];
    case "unlisted":
      return [`in the topology: what is dialled by ${describeDialled(dialled.by)}`];
    case "contradicted":
      return [
        `what dialled ${describeDialled(dialled.by)}: the entry may be of another connection, ` +
          "conntrack -E while it is dialled tells",
      ];
    case "decided":
    case undefined:
      return undefined;
  }
}

function nodesOf(options: readonly Option[]): string {
  const names = options.flatMap(({ dial: { from } }) => (from.kind === "node" ? [from.name] : []));
  return [...new Set(names)].sort().join(" and ") || "the node";
}
