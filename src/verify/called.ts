/** What a user may call a connection: its id, or an endpoint of it at any capture point. */
import { formatEndpoint } from "#net/five-tuple.js";
import type { ConnectionReport } from "./report.js";

export function isCalled({ id, sightings }: ConnectionReport, name: string): boolean {
  return (
    id === name ||
    sightings.some(
      ({ source, destination }) =>
        formatEndpoint(source) === name || formatEndpoint(destination) === name,
    )
  );
}
