/** A conversation's report before anything of other conversations is added. */
import type { Journey } from "#observed/correlate/journey.js";
import type { Connection, PacketReference } from "#observed/flow/connection.js";
import { worst, type ConnectionReport, type ReportedSighting } from "./report.js";

type Judged = Pick<ConnectionReport, "scenario" | "client" | "sightings" | "checks">;

export function reportOf(
  { id, protocol, joinedBy }: Journey,
  { scenario, client, sightings, checks }: Judged,
): ConnectionReport {
  const verdict = worst(checks.map((check) => check.verdict));
  return { id, protocol, scenario, client, verdict, sightings, checks, attributions: [], joinedBy };
}

interface Reportable extends Omit<ReportedSighting, "evidence" | "tunnel"> {
  readonly evidence: PacketReference;
  readonly connection: Pick<Connection, "tunnels">;
}

/** What a report tells of a sighting. */
export function reportedSighting(sighting: Reportable): ReportedSighting {
  const { point, direction, source, destination, ttl, packets, evidence, connection } = sighting;
  const reported = { point, direction, source, destination, ttl, packets, evidence: [evidence] };
  const tunnel = connection.tunnels.at(-1)?.kind;
  return tunnel === undefined ? reported : { ...reported, tunnel };
}
