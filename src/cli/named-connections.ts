/** `--connection NAME`: refused where no connection of the run is called that, or several are. */
import { formatEndpoint } from "#net/five-tuple.js";
import { sanitize } from "#report/sanitize.js";
import { isCalled } from "#verify/called.js";
import type { ConnectionReport, Report } from "#verify/report.js";
import { CannotCheck } from "./exit.js";

/** More than one line holds are not read. */
const MAX_NEAR = 6;

export function refuseUnknownConnections(
  { connections }: Report,
  names: readonly string[] = [],
): void {
  for (const name of names) {
    const called = connections.filter((one) => isCalled(one, name));
    if (called.length === 1 || called.some(({ id }) => id === name)) continue;
    const problem =
      called.length > 1
        ? `is an end of ${called.length} connections, so name one of them by its id: ${listed(called.map(({ id }) => id))}`
        : `is no connection that was judged: ${nearestOf(connections, name)}`;
    throw new CannotCheck(`--connection: ${sanitize(name)} ${problem}`);
  }
}

function nearestOf(connections: readonly ConnectionReport[], name: string): string {
  const near = name.includes(":") ? nearEndpoints(connections, name) : nearIds(connections, name);
  return near.length > 0 ? `near it are ${listed(near)}` : "none was";
}

/** Of the same address, or the same port. */
function nearEndpoints(connections: readonly ConnectionReport[], name: string): readonly string[] {
  const at = name.lastIndexOf(":");
  const [address, port] = [name.slice(0, at), name.slice(at)];
  const ends = connections.flatMap(({ id, sightings }) =>
    sightings.map(({ source }) => ({ id, end: formatEndpoint(source) })),
  );
  const near = ends.filter(({ end }) => end.startsWith(`${address}:`) || end.endsWith(port));
  const found = near.length > 0 ? near : ends;
  return [...new Set(found.map(({ id, end }) => `${end} (${id})`))];
}

function nearIds(connections: readonly ConnectionReport[], name: string): readonly string[] {
  const number = numberOf(name);
  return connections
    .map(({ id }) => ({ id, far: Math.abs(numberOf(id) - number) || 0 }))
    .sort((a, b) => a.far - b.far)
    .map(({ id }) => id);
}

const numberOf = (id: string): number => Number(id.replace(/^c/, ""));

function listed(names: readonly string[]): string {
  const more = names.length - MAX_NEAR;
  return `${names.slice(0, MAX_NEAR).join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}
