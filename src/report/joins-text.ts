/** How connections belong together, where that is not plain: what a proxy carries on, what only resembles. */
import { NAMED_FROM } from "#observed/correlate/evidence.js";
import type { ConnectionReport, Report } from "#verify/report.js";
import { listIds } from "./list-ids.js";

/** Of each kind; the rest is counted. */
const MAX_TOLD = 8;

/** `c3 is carried on by c7: a proxy, not NAT (the same bytes both ways)`. */
export function proxiedText({ carriedOn = [] }: Report): readonly string[] {
  const told = carriedOn.map(
    ({ connection, by, evidence }) =>
      `${connection} is carried on by ${by}: a proxy, not NAT (${evidence.join("; ")})`,
  );
  return shortened(told, "connections that a proxy carries on");
}

export function doubtfulJoins({ connections }: Report): readonly string[] {
  const judged = connections.filter(({ verdict }) => verdict !== "not applicable");
  return [
    ...shortened(judged.flatMap(ambiguousText), "connections that the captures leave open"),
    ...shortened(weakTexts(judged), "ways in which connections are joined by likeness alone"),
  ];
}

function ambiguousText({ id, ambiguousWith = [] }: ConnectionReport): readonly string[] {
  if (ambiguousWith.length === 0) return [];
  return [`${id} may be the same connection as ${alternatives(ambiguousWith)}: ${WOULD_TELL}`];
}

/** One sentence for all that the same things join. */
function weakTexts(judged: readonly ConnectionReport[]): readonly string[] {
  const alike = new Map<string, ConnectionReport[]>();
  for (const report of judged) {
    const { join, joinedBy } = report;
    if (join === undefined || joinedBy === undefined || join.score >= NAMED_FROM) continue;
    const list = alike.get(joinedBy);
    if (list) list.push(report);
    else alike.set(joinedBy, [report]);
  }
  return [...alike].map(([joinedBy, reports]) => weakText(joinedBy, reports));
}

function weakText(joinedBy: string, reports: readonly ConnectionReport[]): string {
  const joins = reports.flatMap(({ join }) => join ?? []);
  const score = Math.min(...joins.map((join) => join.score));
  const runnerUp = Math.max(...joins.map((join) => join.runnerUp));
  const next = runnerUp === 0 ? "" : `, the next best ${runnerUp.toFixed(2)}`;
  const are = reports.length === 1 ? "is" : "are";
  const ids = listIds(reports.map(({ id }) => id));
  return `${ids} ${are} joined by likeness alone (${joinedBy}; ${score.toFixed(2)} of 1${next}): ${WOULD_TELL}`;
}

const WOULD_TELL =
  "`conntrack -L` of the node between them (--conntrack), or a capture nearer to where they part, tells";

function alternatives(ids: readonly string[]): string {
  if (ids.length > MAX_TOLD) return `one of ${ids.length} others`;
  return ids.length === 1 ? `${ids[0]}` : `${ids.slice(0, -1).join(", ")} or ${ids.at(-1)}`;
}

function shortened(told: readonly string[], what: string): readonly string[] {
  if (told.length <= MAX_TOLD) return told;
  return [...told.slice(0, MAX_TOLD), `and ${told.length - MAX_TOLD} more ${what}`];
}
