/** A conversation's report before anything of other conversations is added. */
import type { Journey } from "#observed/correlate/journey.js";
import type { PacketReference } from "#observed/flow/connection.js";
import { worst, type ConnectionReport, type ReportedSighting } from "./report.js";

type Judged = Pick<ConnectionReport, "scenario" | "client" | "sightings" | "checks">;

export function reportOf(
  { id, protocol, joinedBy }: Journey,
  { scenario, client, sightings, checks }: Judged,
): ConnectionReport {
  const verdict = worst(checks.map((check) => check.verdict));
  return { id, protocol, scenario, client, verdict, sightings, checks, attributions: [], joinedBy };
}

type Reportable = Omit<ReportedSighting, "evidence"> & { readonly evidence: PacketReference };

/** What a report tells of a sighting. */
export function reportedSighting(sighting: Reportable): ReportedSighting {
  const { point, direction, source, destination, ttl, packets, evidence } = sighting;
  return { point, direction, source, destination, ttl, packets, evidence: [evidence] };
}
