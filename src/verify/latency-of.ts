/** A judged connection's latency, point by point as its report has them. */
import type { Clocks } from "#observed/correlate/clocks.js";
import type { Journey } from "#observed/correlate/journey.js";
import { latencyOf, type Latency, type Passage } from "#observed/correlate/latency.js";
import type { Connection, PacketReference } from "#observed/flow/connection.js";
import type { Point } from "./point.js";
import type { ConnectionReport, ReportedSighting } from "./report.js";

interface Timed {
  readonly journeys: readonly Journey[];
  readonly clocks: Clocks;
  readonly points: ReadonlyMap<string, Point>;
}

export function withLatency(
  reports: readonly ConnectionReport[],
  { journeys, clocks, points }: Timed,
): readonly ConnectionReport[] {
  const byId = new Map(journeys.map((journey) => [journey.id, journey]));
  const isTimed = ({ point }: Connection): boolean => points.get(point.name)?.setBack === undefined;
  return reports.map((report) => {
    const journey = byId.get(report.id);
    const latency = journey && latencyIn(report, journey.connections.filter(isTimed), clocks);
    return latency === undefined ? report : { ...report, latency };
  });
}

function latencyIn(
  { sightings }: ConnectionReport,
  connections: readonly Connection[],
  clocks: Clocks,
): Latency | undefined {
  const passages = passagesOf(connections);
  const along = (direction: ReportedSighting["direction"]): readonly Passage[] =>
    sightings
      .filter((sighting) => sighting.direction === direction)
      .flatMap(({ point, evidence }) => {
        const passage = evidence.map((packet) => passages.get(nameOf(packet))).find(Boolean);
        return passage ? [{ ...passage, at: point }] : [];
      });
  // Both are told from the end that dialled.
  const latency = latencyOf(
    { requests: along("request"), replies: along("reply").toReversed() },
    clocks,
  );
  return latency.hops.length === 0 && latency.wait === undefined ? undefined : latency;
}

/** By the first packet of each direction, which sightings are told by. */
function passagesOf(connections: readonly Connection[]): ReadonlyMap<string, Omit<Passage, "at">> {
  const passages = new Map<string, Omit<Passage, "at">>();
  for (const connection of connections) {
    const { originatorFirst, responderFirst } = connection.packetNumbers;
    if (originatorFirst) passages.set(nameOf(originatorFirst), { connection, side: 0 });
    if (responderFirst) passages.set(nameOf(responderFirst), { connection, side: 1 });
  }
  return passages;
}

const nameOf = ({ file, packet }: PacketReference): string => `${packet} ${file}`;
