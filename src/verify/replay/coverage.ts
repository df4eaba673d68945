/**
 * Whether a capture could have shown what the model foretells. It must have run before and after,
 * and have let like packets through: others of the same direction, from or to the same server.
 */
import { isPredicted, samePredictedEndpoint } from "#expected/netfilter/predicted-tuple.js";
import type { Journey } from "#observed/correlate/journey.js";
import { whyBlind } from "#verify/coverage.js";
import type { AbsentSighting } from "./compare.js";
import type { ReplayCase } from "./replay-case.js";
import type { SeenFlow } from "./seen-flow.js";

/** Undefined: it could have. */
export function whyUnseen(
  { point, sighting }: AbsentSighting,
  { journey, flows, rivals, all }: ReplayCase,
): string | undefined {
  const blind = whyBlind(point, journey);
  if (blind !== undefined) return blind;
  const isUnjoined =
    rivals.some((flow) => flow.point === point) ||
    all.some(
      (flow) =>
        mayBeIt({ point, sighting }, flow) && isMeanwhile(journey, flow) && !flows.includes(flow),
    );
  if (isUnjoined) {
    return `${point.name} shows such packets, and nothing in them tells whether they are of this connection`;
  }
  const isRequest = sighting.direction === "request";
  const server = isRequest ? sighting.tuple.destination : sighting.tuple.source;
  const isAlike = (flow: SeenFlow): boolean => {
    const end = (flow.side === 0) === isRequest ? flow.tuple.destination : flow.tuple.source;
    return (
      flow.point === point &&
      (flow.side === 0) === isRequest &&
      flow.tuple.protocol === sighting.tuple.protocol &&
      flow.isTunnelled === (sighting.outer !== undefined) &&
      samePredictedEndpoint(end, server)
    );
  };
  if (all.some((flow) => isAlike(flow) && !flows.includes(flow))) return undefined;
  return `${point.name} shows nothing else of that server in this direction, so a filter may hide it`;
}

/**
 * The very addresses and ports, not joined: its first packets are missing, as a full kernel buffer
 * leaves them, or cut too short to be told from others'.
 */
function mayBeIt({ point, sighting }: AbsentSighting, flow: SeenFlow): boolean {
  return (
    flow.point === point &&
    flow.isTunnelled === (sighting.outer !== undefined) &&
    isPredicted(sighting.tuple, flow.tuple)
  );
}

function isMeanwhile({ connections }: Journey, { connection }: SeenFlow): boolean {
  return connections.some(
    ({ first, last }) => connection.first <= last && first <= connection.last,
  );
}
