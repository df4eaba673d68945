/** The connections that a verdict is about, one row each, and how many of them a person is shown. */
import { formatEndpoint } from "#net/five-tuple.js";
import type { ConnectionReport, Verdict } from "#verify/report.js";
import type { Row, Table } from "./table.js";
import { VERDICT_TONE } from "./verdict-tone.js";

/** Up to so many connections all are shown. */
const ALL_UP_TO = 40;

/** Of more than that, of each scenario, client and verdict. */
const SHOWN_OF_EACH = {
  pass: 3,
  fail: 10,
  inconclusive: 5,
  "not applicable": 0,
} as const satisfies Record<Verdict, number>;

export interface ShownConnections {
  /** In their order. */
  readonly rows: readonly ConnectionReport[];
  /** What is left out, in a sentence; undefined when nothing is. */
  readonly rest?: string | undefined;
}

/** Thousands of rows alike hide the one that differs. */
export function shownConnections(judged: readonly ConnectionReport[]): ShownConnections {
  if (judged.length <= ALL_UP_TO) return { rows: judged };
  const counts = new Map<string, number>();
  const rows = judged.filter(({ verdict, scenario, client, protocol }) => {
    const kind = [verdict, scenario, client, protocol].join("\n");
    const count = (counts.get(kind) ?? 0) + 1;
    counts.set(kind, count);
    return count <= SHOWN_OF_EACH[verdict];
  });
  const shown = new Set(rows);
  const left = judged.filter((report) => !shown.has(report));
  if (left.length === 0) return { rows };
  const kinds = countsByVerdict(left);
  return {
    rows,
    rest: `and ${left.length} more like these (${kinds}): --verbose or -o json shows all`,
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
export function connectionTable(judged: readonly ConnectionReport[], asked: string): Table {
  const isMixed = judged.some(({ scenario }) => scenario !== asked);
  return {
    columns: [
      { heading: "ID", align: "left", minimumWidth: undefined },
      { heading: "VERDICT", align: "left", minimumWidth: undefined },
      { heading: "PROTO", align: "left", minimumWidth: undefined },
      ...(isMixed ? [{ heading: "SCENARIO", align: "left", minimumWidth: 12 } as const] : []),
      { heading: "CLIENT", align: "left", minimumWidth: 8 },
      { heading: "FIRST SEEN AS", align: "left", minimumWidth: 22 },
      { heading: "LAST SEEN AS", align: "left", minimumWidth: 22 },
    ],
    rows: judged.map((report): Row => {
      const requests = report.sightings.filter(({ direction }) => direction === "request");
      const seen = requests.length > 0 ? requests : report.sightings;
      const { id, verdict, protocol, client } = report;
      return [
        id,
        { text: verdict, tone: VERDICT_TONE[verdict] },
        protocol,
        ...(isMixed ? [report.scenario] : []),
        client ?? "undecided",
        describeSighting(seen[0]),
        seen.length > 1 ? describeSighting(seen.at(-1)) : "",
      ];
    }),
  };
}

function describeSighting(sighting: ConnectionReport["sightings"][number] | undefined): string {
  if (!sighting) return "";
  const { source, destination, point } = sighting;
  return `${formatEndpoint(source)} > ${formatEndpoint(destination)} (${point})`;
}
