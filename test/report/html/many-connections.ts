/** Reports of a few connections made into one of many: the same again from other ports, under other ids. */
import type { ConnectionReport, Report } from "#verify/report.js";

/** Of each of the reports' failing connections the same number; what passes fills up. */
export function many(reports: readonly Report[], count: number): Report {
  const [first] = reports;
  if (!first) throw new Error("no report to take connections from");
  const failing = reports.flatMap(({ connections }) =>
    connections.filter(({ verdict }) => verdict === "fail").slice(0, 1),
  );
  const passing = reports.flatMap(({ connections }) =>
    connections.filter(({ verdict }) => verdict === "pass"),
  );
  const connections = Array.from({ length: count }, (_, at) => {
    const from = at % 5 === 0 ? failing : passing;
    const original = from[Math.floor(at / 5) % from.length];
    if (!original) throw new Error("no connection that fails, or none that passes");
    return copied(original, at);
  });
  return {
    ...first,
    verdict: "fail",
    connections,
    across: [],
    assumptions: [...new Set(reports.flatMap(({ assumptions }) => assumptions))],
    notes: [],
  };
}

/** With another client's port in every text that tells it, and later packets. */
function copied(original: ConnectionReport, at: number): ConnectionReport {
  const port = clientPort(original);
  const ports = new RegExp(`(?<=:)${port}\\b`, "g");
  const next = 10_000 + at;
  const change = (value: unknown, key: string): unknown => {
    if (typeof value === "string") return value.replace(ports, String(next));
    if (typeof value === "number") {
      if (key === "packet") return value + at * 9;
      return key === "port" && value === port ? next : value;
    }
    if (Array.isArray(value)) return value.map((each: unknown) => change(each, key));
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([name, each]) => [name, change(each, name)] as const),
    );
  };
  return { ...(change(original, "") as ConnectionReport), id: `c${at + 1}` };
}

function clientPort({ sightings }: ConnectionReport): number {
  const request = sightings.find(({ direction }) => direction === "request");
  return (request ?? sightings[0])?.source.port ?? 0;
}
