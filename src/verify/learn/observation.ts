/** One connection that passed, in the words of a row. */
import { castOf, type Cast } from "#expected/scenarios/cast.js";
import { outcomeOf } from "#expected/scenarios/declared.js";
import { classify } from "#expected/scenarios/classify.js";
import { situationOf, type Situation } from "#expected/scenarios/situation.js";
import type {
  PathOutcome,
  PathPoint,
  PathPointName,
  PathRow,
  RowEnd,
  RowTuple,
} from "#expected/scenarios/path-row.js";
import type { Feature } from "#expected/scenarios/features.js";
import type { PacketReference } from "#observed/flow/connection.js";
import { isAtServer, requestsOf } from "#verify/replay/compared.js";
import type { Subject } from "#verify/replay/replay.js";
import type { SeenFlow } from "#verify/replay/seen-flow.js";
import type { ConnectionReport } from "#verify/report.js";
import { formatTuple } from "#net/five-tuple.js";
import { endsFor, pointNamesFor, tuplesFor } from "./row-words.js";

export interface Observation {
  readonly id: string;
  readonly situation: Situation;
  readonly about: Feature | undefined;
  /** The built-in row of the same kind, for its words; undefined where none is. */
  readonly builtIn: PathRow | undefined;
  readonly outcome: PathOutcome;
  /** Ways to write what the server sees; none where it sees nothing. */
  readonly sources: readonly RowEnd[];
  readonly seen: readonly SeenInWords[];
}

/** One direction at one capture point. */
export interface SeenInWords {
  readonly at: PathPointName;
  readonly direction: "request" | "reply";
  readonly form: PathPoint["form"];
  /** Every way to write it, the plainest first. */
  readonly tuples: readonly RowTuple[];
  readonly evidence: PacketReference;
}

/** Why nothing is learnt from a connection. */
export interface LeftOut {
  readonly id: string;
  readonly why: string;
}

export function observe(
  report: ConnectionReport,
  { network, theCase }: Subject,
): Observation | LeftOut {
  const { id } = report;
  const { path } = theCase.best;
  const situation = situationOf(network, path.dial, path);
  const cast = castOf(network, path, situation);
  const outcome = outcomeOf(path);
  if (outcome === "unknown") return { id, why: "the model does not know what becomes of it" };
  const classified = classify(situation);
  const scenario = classified?.scenario;
  const seen: SeenInWords[] = [];
  for (const compared of theCase.best.flows) {
    const { flow } = compared;
    const names = pointNamesFor(cast, flow.point);
    if (names.length === 0) continue;
    const isRequest = requestsOf(theCase).includes(compared);
    const tuples = tuplesFor(cast, flow.tuple);
    if (tuples.length === 0) return { id, why: nameless(flow) };
    const direction = isRequest ? "request" : "reply";
    const form = flow.isTunnelled ? "vxlan" : "plain";
    const { evidence } = flow;
    seen.push({
      at: pointName(names, { tuples, direction }, classified?.row),
      direction,
      form,
      tuples,
      evidence,
    });
  }
  const sources =
    outcome === "answered" || outcome === "unrecognised" ? sourcesOf(cast, theCase) : [];
  if (sources === undefined) return { id, why: "no capture shows it as its server gets it" };
  return {
    id,
    situation,
    about: scenario?.target === "path" ? scenario.about : undefined,
    builtIn: classified?.row,
    outcome,
    sources,
    seen,
  };
}

function nameless({ tuple, point }: SeenFlow): string {
  return `${formatTuple(tuple)} at ${point.name}: a row has no word for one of these addresses`;
}

/** A pod that dials itself is a client's and a server's point in one: what it shows tells which. */
function pointName(
  names: readonly PathPointName[],
  { tuples, direction }: Pick<SeenInWords, "tuples" | "direction">,
  row: PathRow | undefined,
): PathPointName {
  const known = row?.points.find(
    (point) => names.includes(point.at) && tuples.some((tuple) => tuple === point[direction]),
  );
  if (known) return known.at;
  const isArriving = tuples.some((tuple) =>
    direction === "request" ? tuple.endsWith("> endpoint") : tuple.startsWith("endpoint >"),
  );
  const leaving = names.find((name) => name === "client-pod" || name === "client-veth");
  if (leaving && !isArriving) return leaving;
  const [first = "client"] = names;
  return names.find((name) => !name.startsWith("client-")) ?? first;
}

function sourcesOf(cast: Cast, theCase: Subject["theCase"]): readonly RowEnd[] | undefined {
  const arrived = requestsOf(theCase).find((compared) => isAtServer(theCase, compared));
  return arrived && endsFor(cast, arrived.flow.tuple.source);
}
