/** What was checked, one row per check and verdict, with the packets that show it. */
import type { PacketReference } from "#observed/flow/connection.js";
import type { Check, Report } from "#verify/report.js";
import type { Layout, Row, Table } from "./table.js";
import { VERDICT_TONE } from "./verdict-tone.js";

export interface CheckTableOptions {
  readonly layout: Layout;
  /** Each connection's checks apart. */
  readonly verbose: boolean;
}

/** A check, and the connections it is one of. */
export interface Told {
  readonly check: Check;
  readonly ids: readonly string[];
}

/** Every check of every connection that is judged, and those of many connections together. */
export function* told({ connections, across }: Report): Iterable<Told> {
  for (const { id, verdict, checks } of connections) {
    if (verdict === "not applicable") continue;
    for (const check of checks) yield { check, ids: [id] };
  }
  for (const { connections: ids, check } of across) yield { check, ids };
}

/** One row per check and verdict, with the connections it is true of; `verbose` tells each apart. */
export function checkTable(report: Report, { verbose, layout }: CheckTableOptions): Table {
  const groups = new Map<string, { check: Check; ids: string[] }>();
  for (const { check, ids } of told(report)) {
    if (check.verdict === "not applicable" && !verbose) continue;
    const key = `${verbose ? ids.join(" ") : check.verdict} ${check.check}`;
    const group = groups.get(key);
    if (group) group.ids.push(...ids);
    else groups.set(key, { check, ids: [...ids] });
  }
  const citeHere = layout.width === undefined ? cite : citeBriefly(report);
  return {
    columns: [
      { heading: "CHECK", align: "left", minimumWidth: 16 },
      { heading: "VERDICT", align: "left", minimumWidth: undefined },
      { heading: "IN", align: "left", minimumWidth: 6 },
      { heading: "OBSERVED", align: "left", minimumWidth: 20 },
      { heading: "EVIDENCE", align: "left", minimumWidth: 12 },
    ],
    rows: [...groups.values()].map(
      ({ check: { check, verdict, observed, evidence }, ids }): Row => [
        check,
        { text: verdict, tone: VERDICT_TONE[verdict] },
        listIds(ids),
        ids.length > 1 ? `e.g. ${observed}` : observed,
        [...new Set(evidence.map(citeHere))].slice(0, 2).join(" "),
      ],
    ),
  };
}

const MAX_IDS = 4;

export function listIds(ids: readonly string[]): string {
  const named = ids.slice(0, MAX_IDS).join(" ");
  return ids.length > MAX_IDS ? `${named} and ${ids.length - MAX_IDS} more` : named;
}

export function cite({ file, packet }: PacketReference): string {
  return `${file}#${packet}`;
}

/** Paths break badly in a narrow column: without their folders, unless two files share a name. */
function citeBriefly(report: Report): typeof cite {
  const cited = [...told(report)].flatMap(({ check: { evidence } }) => evidence);
  const files = new Set(cited.map(({ file }) => file));
  const names = new Set([...files].map(withoutFolders));
  if (names.size < files.size) return cite;
  return ({ file, packet }) => cite({ file: withoutFolders(file), packet });
}

function withoutFolders(file: string): string {
  return file.slice(file.lastIndexOf("/") + 1);
}
