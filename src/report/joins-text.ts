/** How connections belong together, where that is not plain: what a proxy carries on, what only resembles. */
import { NAMED_FROM } from "#observed/correlate/evidence.js";
import type { ConnectionReport, Report } from "#verify/report.js";

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
    ...shortened(judged.flatMap(weakText), "connections joined by likeness alone"),
  ];
}

function ambiguousText({ id, ambiguousWith = [] }: ConnectionReport): readonly string[] {
  if (ambiguousWith.length === 0) return [];
  return [`${id} may be the same connection as ${alternatives(ambiguousWith)}: ${WOULD_TELL}`];
}

function weakText({ id, join, joinedBy }: ConnectionReport): readonly string[] {
  if (join === undefined || join.score >= NAMED_FROM) return [];
  const { score, runnerUp } = join;
  const next = runnerUp === 0 ? "" : `, the next best by ${runnerUp.toFixed(2)}`;
  return [
    `${id} is one connection by ${joinedBy} alone (${score.toFixed(2)} of 1${next}): ${WOULD_TELL}`,
  ];
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
