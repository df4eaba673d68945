/** Connections that are judged alike, together: the same verdict, for the same reason, of the same kind of client. */
import type { Attribution } from "#verify/attribution.js";
import type { ConnectionReport, Verdict } from "#verify/report.js";

export interface Alike {
  readonly verdict: Verdict;
  /** Of the diagnoses; none where nothing failed, or where none explains it. */
  readonly codes: readonly string[];
  /** Where it comes from, in brief: a place, a rule's chain, a setting. */
  readonly causes: readonly string[];
  /** In the report's order; at least one, which stands for all. */
  readonly connections: readonly [ConnectionReport, ...ConnectionReport[]];
}

/** What failed first, then what is undecided; in the report's order within each. */
export function alike(connections: readonly ConnectionReport[]): readonly Alike[] {
  const groups = new Map<string, Alike & { connections: ConnectionReport[] }>();
  for (const connection of connections) {
    const codes = codesOf(connection);
    const causes = [...new Set(connection.attributions.map(causeInBrief))];
    const { verdict, scenario, client, protocol } = connection;
    const doubts = verdict === "inconclusive" ? undecided(connection) : [];
    const key = JSON.stringify([verdict, codes, causes, scenario, client, protocol, doubts]);
    const group = groups.get(key);
    if (group) group.connections.push(connection);
    else groups.set(key, { verdict, codes, causes, connections: [connection] });
  }
  return [...groups.values()].sort(
    (one, other) => ORDER.indexOf(one.verdict) - ORDER.indexOf(other.verdict),
  );
}

const ORDER: readonly Verdict[] = ["fail", "inconclusive", "pass", "not applicable"];

/** The codes of a connection's findings, each once. */
export function codesOf({ checks }: ConnectionReport): readonly string[] {
  return [...new Set(checks.flatMap(({ finding }) => finding?.code ?? []))];
}

function undecided({ checks }: ConnectionReport): readonly string[] {
  return checks.flatMap(({ check, verdict }) => (verdict === "inconclusive" ? [check] : []));
}

/** Without what differs from connection to connection, as an entry of conntrack or what is behind a proxy. */
function causeInBrief(cause: Attribution): string {
  switch (cause.kind) {
    case "rule":
      return `${cause.at} ${cause.table} ${cause.chain}`;
    case "missing rule":
      return `missing on ${cause.at}: ${cause.table} ${cause.chain}`;
    case "setting":
      return `${cause.setting} on ${cause.at}`;
    case "conntrack":
      return `conntrack of ${cause.at}`;
    case "path":
      return `${cause.last ?? "?"} to ${cause.first ?? "?"}`;
    case "proxy":
      return `${cause.program} on ${cause.at}`;
    case "server":
      return cause.who;
    case "not explained":
      return "not explained";
  }
}
