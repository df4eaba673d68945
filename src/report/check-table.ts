/** What was checked, one row per check and verdict, with the packets that show it. */
import type { PacketReference } from "#observed/flow/connection.js";
import type { Check, Report } from "#verify/report.js";
import { example } from "./connection-table.js";
import { listIds } from "./list-ids.js";
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

/** One row per check, verdict and diagnosis, with the connections it is true of; `verbose` tells each apart. */
export function checkTable(report: Report, { verbose, layout }: CheckTableOptions): Table {
  const groups = new Map<string, { check: Check; ids: string[] }>();
  for (const { check, ids } of told(report)) {
    if (check.verdict === "not applicable" && !verbose) continue;
    const meant = `${check.verdict} ${check.finding?.code}`;
    const key = `${verbose ? ids.join(" ") : meant} ${check.check}`;
    const group = groups.get(key);
    if (group) group.ids.push(...ids);
    else groups.set(key, { check, ids: [...ids] });
  }
  const citeHere = layout.width === undefined ? cite : citeBriefly(report);
  const rows = verbose ? [...groups.values()] : byCheck([...groups.values()]);
  const hasCodes = rows.some(({ check: { finding } }) => finding !== undefined);
  return {
    columns: [
      { heading: "CHECK", align: "left", minimumWidth: 16 },
      { heading: "VERDICT", align: "left", minimumWidth: undefined },
      ...(hasCodes ? [{ heading: "CODE", align: "left", minimumWidth: undefined } as const] : []),
      { heading: "IN", align: "left", minimumWidth: 6 },
      { heading: "OBSERVED", align: "left", minimumWidth: 20 },
      { heading: "EVIDENCE", align: "left", minimumWidth: 12 },
    ],
    rows: rows.map(({ check: { check, verdict, observed, evidence, finding }, ids }): Row => [
      check,
      { text: verdict, tone: VERDICT_TONE[verdict] },
      ...(hasCodes ? [finding?.code ?? ""] : []),
      listIds(ids),
      example(verbose ? observed : beginningOf(observed), ids.length),
      [...new Set(evidence.map(citeHere))].slice(0, 2).join(" "),
    ]),
  };
}

/** What became of one check stands together, in the order of the checks' first rows. */
function byCheck<Row extends { readonly check: Check }>(rows: readonly Row[]): readonly Row[] {
  const names = new Set(rows.map(({ check }) => check.check));
  return [...names].flatMap((name) => rows.filter(({ check }) => check.check === name));
}

/** Characters of a cell that are read without losing the row. */
const ENOUGH = 100;

/** Of several sentences as many as a cell takes, the rest counted. */
function beginningOf(text: string): string {
  const [first = "", ...others] = text.split("; ");
  let said = first;
  for (const [at, other] of others.entries()) {
    if (`${said}; ${other}`.length > ENOUGH) return `${said}; and ${others.length - at} more`;
    said = `${said}; ${other}`;
  }
  return said;
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

export function withoutFolders(file: string): string {
  return file.slice(file.lastIndexOf("/") + 1);
}
