/**
 * Whether a capture could have shown what the model foretells. It must have run before and after,
 * and have let like packets through: others of the same direction, from or to the same server.
 */
import { isPredicted, samePredictedEndpoint } from "#expected/netfilter/predicted-tuple.js";
import type { Journey } from "#observed/correlate/journey.js";
import type { Connection } from "#observed/flow/connection.js";
import { wasRecordingAfter } from "#verify/checks/coverage.js";
import type { Point } from "#verify/point.js";
import type { AbsentSighting } from "./compare.js";
import type { ReplayCase } from "./replay-case.js";
import type { SeenFlow } from "./seen-flow.js";

/** Undefined: it could have. */
export function whyUnseen(
  { point, sighting }: AbsentSighting,
  { journey, flows, all }: ReplayCase,
): string | undefined {
  if (point.first === undefined) {
    return `${point.name} recorded nothing, so nothing shows that it ran`;
  }
  if (!wasRunning(point, journey)) {
    return `${point.name} recorded nothing before or after this connection`;
  }
  if (!journey.connections.some(hasHandshake)) {
    return `no capture shows the handshake, so what ${point.name} shows of it may not be joined`;
  }
  const isUnjoined = all.some(
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

/** It recorded something before the connection's first packet, and after it. */
export function wasRunning(point: Point, { connections: [first] }: Journey): boolean {
  if (!first || point.first === undefined) return false;
  return first.first >= point.first && wasRecordingAfter(point, first.first);
}

function hasHandshake({ protocol, directions }: Connection): boolean {
  return protocol !== "tcp" || directions.some(({ isn }) => isn !== undefined);
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
