/** The connections that a verdict is about: a row each, or one for all that are judged alike. */
import { formatEndpoint } from "#net/five-tuple.js";
import type { ConnectionReport } from "#verify/report.js";
import { alike, codesOf, type Alike } from "./alike.js";
import { listIds } from "./list-ids.js";
import type { Row, Table } from "./table.js";
import { VERDICT_TONE } from "./verdict-tone.js";

/** Up to so many connections each has a row. */
const EACH_UP_TO = 40;

/** Rows of connections alike; more than these nobody reads. */
const MAX_ROWS = 40;

export interface ShownConnections {
  readonly table: Table;
  /** What is not shown, in a sentence; undefined when everything is. */
  readonly rest?: string | undefined;
}

export interface ConnectionTableOptions {
  /** The scenario that was asked for. */
  readonly asked: string;
  /** A row for each, however many. */
  readonly verbose: boolean;
}

/** A row for each of a few connections; of many, a row for all that are alike: they hide the one that differs. */
export function shownConnections(
  judged: readonly ConnectionReport[],
  { asked, verbose }: ConnectionTableOptions,
): ShownConnections {
  if (verbose || judged.length <= EACH_UP_TO) return { table: connectionTable(judged, asked) };
  const groups = alike(judged);
  const left = groups.slice(MAX_ROWS).flatMap(({ connections }) => connections);
  const rest =
    left.length > 0
      ? `and ${groups.length - MAX_ROWS} more rows of ${left.length} connections (${countsByVerdict(left)}): `
      : "a row for all that are alike: ";
  return {
    table: alikeTable(groups.slice(0, MAX_ROWS), asked),
    rest: `${rest}--verbose or -o json shows each`,
  };
}

/** `9994 pass, 2 inconclusive`, of those that are judged. */
export function countsByVerdict(reports: readonly ConnectionReport[]): string {
  return (["pass", "fail", "inconclusive"] as const)
    .map(
      (verdict) =>
        [verdict, reports.filter((report) => report.verdict === verdict).length] as const,
    )
    .filter(([, number]) => number > 0)
    .map(([verdict, number]) => `${number} ${verdict}`)
    .join(", ");
}

/**
 * One row per connection: who, as what the pod sees it, and the verdict; the scenario only where
 * it is not the one that was asked for.
 */
function connectionTable(judged: readonly ConnectionReport[], asked: string): Table {
  const isMixed = judged.some(({ scenario }) => scenario !== asked);
  const hasCodes = judged.some((report) => codesOf(report).length > 0);
  return {
    columns: [
      { heading: "ID", align: "left", minimumWidth: undefined },
      { heading: "VERDICT", align: "left", minimumWidth: undefined },
      ...(hasCodes ? [CODE] : []),
      { heading: "PROTO", align: "left", minimumWidth: undefined },
      ...(isMixed ? [SCENARIO] : []),
      CLIENT,
      FIRST_SEEN,
      LAST_SEEN,
    ],
    rows: judged.map((report): Row => {
      const { id, verdict, protocol, client, scenario } = report;
      return [
        id,
        { text: verdict, tone: VERDICT_TONE[verdict] },
        ...(hasCodes ? [codesOf(report).join(" ")] : []),
        protocol,
        ...(isMixed ? [scenario] : []),
        client ?? "undecided",
        ...ends(report),
      ];
    }),
  };
}

const CODE = { heading: "CODE", align: "left", minimumWidth: 5 } as const;
const CAUSE = { heading: "CAUSE", align: "left", minimumWidth: 12 } as const;
const SCENARIO = { heading: "SCENARIO", align: "left", minimumWidth: 12 } as const;
const CLIENT = { heading: "CLIENT", align: "left", minimumWidth: 8 } as const;
const FIRST_SEEN = { heading: "FIRST SEEN AS", align: "left", minimumWidth: 22 } as const;
const LAST_SEEN = { heading: "LAST SEEN AS", align: "left", minimumWidth: 22 } as const;

/** One row for all that are judged alike, with one of them as the example. */
function alikeTable(groups: readonly Alike[], asked: string): Table {
  const isMixed = groups.some(({ connections: [one] }) => one.scenario !== asked);
  const hasCodes = groups.some(({ codes }) => codes.length > 0);
  const hasCauses = groups.some(({ causes }) => causes.length > 0);
  return {
    columns: [
      { heading: "COUNT", align: "right", minimumWidth: undefined },
      { heading: "VERDICT", align: "left", minimumWidth: undefined },
      ...(hasCodes ? [CODE] : []),
      ...(hasCauses ? [CAUSE] : []),
      { heading: "PROTO", align: "left", minimumWidth: undefined },
      ...(isMixed ? [SCENARIO] : []),
      CLIENT,
      { heading: "IN", align: "left", minimumWidth: 6 },
      FIRST_SEEN,
      LAST_SEEN,
    ],
    rows: groups.map(({ verdict, codes, causes, connections }): Row => {
      const [{ protocol, scenario, client }] = connections;
      return [
        `${connections.length}`,
        { text: verdict, tone: VERDICT_TONE[verdict] },
        ...(hasCodes ? [codes.join(" ")] : []),
        ...(hasCauses ? [causes.join("; ")] : []),
        protocol,
        ...(isMixed ? [scenario] : []),
        client ?? "undecided",
        listIds(connections.map(({ id }) => id)),
        ...ends(connections[0]).map((text) => example(text, connections.length)),
      ];
    }),
  };
}

/** As a value of one of several. */
export function example(text: string, of: number): string {
  return of > 1 && text !== "" ? `e.g. ${text}` : text;
}

/** As what it was seen first and last on its way to the server; the last is empty when that is one place. */
export function ends({ sightings }: ConnectionReport): readonly [string, string] {
  const requests = sightings.filter(({ direction }) => direction === "request");
  const seen = requests.length > 0 ? requests : sightings;
  return [describeSighting(seen[0]), seen.length > 1 ? describeSighting(seen.at(-1)) : ""];
}

function describeSighting(sighting: ConnectionReport["sightings"][number] | undefined): string {
  if (!sighting) return "";
  const { source, destination, point } = sighting;
  return `${formatEndpoint(source)} > ${formatEndpoint(destination)} (${point})`;
}
