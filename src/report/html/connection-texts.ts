/**
 * Connections as lines of text with tabs between fields, which `compactTexts` makes short and the
 * page's script takes apart: sanitized text has neither.
 */
import { formatTuple } from "#net/five-tuple.js";
import type { ConnectionReport, ReportedSighting } from "#verify/report.js";
import { cite } from "../check-table.js";
import { sanitize } from "../sanitize.js";

export interface ListedConnection {
  readonly report: ConnectionReport;
  /** Places of the failures that it is one of, in the report's order. */
  readonly failures: readonly number[];
}

/**
 * What the list shows and is searched by: id, verdict, failures, protocol, scenario, client, as what
 * requests are seen first and last, and every other tuple.
 */
export function rowText({ report, failures }: ListedConnection): string {
  const { id, verdict, protocol, scenario, client, sightings } = report;
  const head = [id, verdict, failures.join(" "), protocol, scenario, client ?? "undecided"];
  const requests = sightings.filter(({ direction }) => direction === "request");
  const shown = (requests.length > 0 ? requests : sightings).map(formatTuple);
  const ends = [shown[0] ?? "", shown.at(-1) ?? ""];
  const others = new Set(sightings.map(formatTuple).filter((tuple) => !ends.includes(tuple)));
  return fields([...head, ...ends, ...others]);
}

/** Everything else that is told of one: why it is one, each sighting, each check. */
export function detailText({ report }: ListedConnection): string {
  const { joinedBy, sightings, checks } = report;
  return [
    ...(joinedBy === undefined ? [] : [fields(["joined", joinedBy])]),
    ...sightings.map(sightingLine),
    ...checks.map(({ check, verdict, expected, observed, evidence }) =>
      fields(["check", verdict, check, expected, observed, citeAll(evidence)]),
    ),
  ].join("\n");
}

function sightingLine(sighting: ReportedSighting): string {
  const { direction, point, ttl, packets, evidence } = sighting;
  const ttlText = ttl === undefined ? "" : String(ttl);
  const tuple = formatTuple(sighting);
  return fields(["seen", direction, point, tuple, ttlText, `${packets}`, citeAll(evidence)]);
}

function citeAll(evidence: ReportedSighting["evidence"]): string {
  return [...new Set(evidence.map(cite))].join(" ");
}

function fields(texts: readonly string[]): string {
  return texts.map(sanitize).join("\t");
}
