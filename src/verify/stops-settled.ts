/** Stops as the verdict lets them be told: what no check accuses no stop accuses, and what one cites does. */
import type { PacketReference } from "#observed/flow/connection.js";
import type { JourneyStop } from "./journey-stop.js";
import type { Check, CheckName, ConnectionReport } from "./report.js";

export function stopsSettled(
  stops: readonly JourneyStop[],
  { verdict, checks }: Pick<ConnectionReport, "verdict" | "checks">,
): readonly JourneyStop[] {
  if (verdict !== "fail") return stops.map((stop) => unaccused(stop, verdict));
  const cited = checks.filter(isFailed).flatMap((check) => citedBy(check, stops));
  return stops.map((stop) => {
    const by = cited.find((one) => one.stop === stop);
    return by ? { ...stop, outcome: "differs", why: by.why } : stop;
  });
}

const isFailed = (check: Check): boolean => check.verdict === "fail";

function unaccused(stop: JourneyStop, verdict: ConnectionReport["verdict"]): JourneyStop {
  if (stop.outcome === "missing") return { ...stop, outcome: "not seen", why: UNDECIDED };
  const isBeside = verdict === "pass" && stop.outcome === "stray";
  return isBeside ? { ...stop, outcome: "unjudged", why: BESIDE } : stop;
}

const UNDECIDED = "it was recording, and that alone decides nothing";
const BESIDE = "beside what was expected here, as a copy is that a promiscuous bridge makes";

interface Cited {
  readonly stop: JourneyStop;
  readonly why: string;
}

/**
 * What has the addresses that it should and is not what it should be: a reset, an answer of the node's
 * own, less data than elsewhere.
 */
function citedBy({ check, evidence, observed }: Check, stops: readonly JourneyStop[]): Cited[] {
  const packets = check === "data arrives" ? evidence.slice(-1) : evidence;
  return stops
    .filter(
      ({ direction, outcome, observed: here }) =>
        here !== undefined &&
        (outcome === "as expected" || outcome === "unjudged") &&
        (check === "data arrives" || (direction === "reply" && BY_REPLY.has(check))) &&
        packets.some((packet) => isSame(packet, here.evidence)),
    )
    .map((stop) => ({ stop, why: observed }));
}

const BY_REPLY: ReadonlySet<CheckName> = new Set([
  "answered",
  "delivered",
  "destination translated",
  "destination translated to the pod",
  "dropped",
  "health answer",
  "rejected",
]);

function isSame(one: PacketReference, other: PacketReference): boolean {
  return one.packet === other.packet && one.file === other.file;
}
