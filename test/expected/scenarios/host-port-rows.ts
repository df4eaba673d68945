/** The rows of hostPort and hostNetwork held against the model; they allow several tuples a point. */
import { portmapBehaviour } from "#expected/rulesets/portmap.js";
import {
  formatPredictedTuple,
  type PredictedEndpoint,
} from "#expected/netfilter/predicted-tuple.js";
import type { End, HostPortScenario, PointRow, TupleRow } from "#expected/scenarios/scenario.js";
import { predictedSightings } from "#expected/taps/predicted-sightings.js";
import { castOf } from "#expected/scenarios/cast.js";
import { endpointOf, predicted, whereOf } from "./concrete.js";
import type { Followed } from "./follow-all.js";

/** What row and model disagree about, in sentences. */
export function hostPortFaults(followed: Followed, scenario: HostPortScenario): readonly string[] {
  const { network, path, situation } = followed;
  const portmap = portmapBehaviour(network.topology.portmap ?? "");
  const row = portmap && scenario.rows(portmap).find(({ client }) => client === situation.client);
  if (row === undefined) return ["no row"];
  const cast = castOf(network, path, situation);
  const seen = predicted(predictedSightings(network, path));
  const isAnswered = path.reply?.isRecognised === true;
  return [
    ...row.points.flatMap((point) => pointFaults(point, { cast, seen })),
    ...(isAnswered === row.works ? [] : [`works: row ${row.works}, model ${isAnswered}`]),
  ];
}

interface Held {
  readonly cast: ReturnType<typeof castOf>;
  readonly seen: ReadonlySet<string>;
}

function pointFaults(point: PointRow, { cast, seen }: Held): readonly string[] {
  const where = whereOf(cast, point.at);
  const here = [...seen].filter((line) => line.split(" ")[1] === where);
  if (point.seen === "never") return here.map((line) => `never at ${where}, model: ${line}`);
  const allowed = new Set([
    ...point.requests.map((tuple) => `request ${tupleText(cast, tuple)}`),
    ...point.replies.map((tuple) => `reply ${tupleText(cast, tuple)}`),
  ]);
  const must = here.filter((line) => line.startsWith("must"));
  const strangers = must.filter((line) => !allowed.has(line.split(" ").slice(2).join(" ")));
  const isMissing = point.seen === "always" && must.length === 0;
  return [
    ...strangers.map((line) => `model only: ${line}`),
    ...(isMissing ? [`always at ${where}: the model has nothing there`] : []),
  ];
}

const PLACES = { node: "dialled", pod: "endpoint", bridge: "bridge", client: "client" } as const;

function tupleText(cast: Held["cast"], tuple: TupleRow): string {
  const [source, destination] = tuple.split(" > ") as [End, End];
  return formatPredictedTuple({
    protocol: cast.path.dial.tuple.protocol,
    source: endOf(cast, source),
    destination: endOf(cast, destination),
  });
}

function endOf(cast: Held["cast"], end: End): PredictedEndpoint {
  if (end === "other-node") return endpointOf(cast, { place: "client-node", port: "random" });
  if (end === "localhost") return { address: "127.0.0.1", port: cast.path.dial.tuple.source.port };
  return endpointOf(cast, { place: PLACES[end], port: "kept" });
}
