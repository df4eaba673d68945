/** What rules counted between two snapshots, as a table of those that say something of what was captured. */
import type { CounterDifference } from "#verify/counters/counter-difference.js";
import type { Row, Table } from "./table.js";

export function counterTable(counters: readonly CounterDifference[]): Table {
  return {
    columns: [
      { heading: "AT", align: "left", minimumWidth: undefined },
      { heading: "LINE", align: "right", minimumWidth: undefined },
      { heading: "COUNTED", align: "right", minimumWidth: undefined },
      { heading: "CAPTURED", align: "left", minimumWidth: 16 },
      { heading: "RULE", align: "left", minimumWidth: 24 },
    ],
    rows: counters.filter(isTelling).map((difference): Row => {
      const { at, rule, packets, verdict } = difference;
      const captured = describeExpected(difference);
      return [
        at,
        String(rule.line),
        packets === undefined ? "?" : `+${packets}`,
        verdict === "fewer than captured" ? { text: captured, tone: "bad" } : captured,
        `${rule.table} ${withoutComment(rule.text)}`,
      ];
    }),
  };
}

/** Rules that captured connections meet, and those that stop packets which nobody captured. */
function isTelling({ rule, connections, verdict }: CounterDifference): boolean {
  const { kind } = rule.target;
  const isJump = kind === "jump" || kind === "goto" || kind === "return" || kind === "no-effect";
  if (verdict === "fewer than captured") return true;
  if (connections.length > 0) return !isJump;
  return kind === "drop" || kind === "reject";
}

export function describeExpected({
  connections,
  expected: { atLeast, atMost },
  packets = 0,
  verdict,
}: CounterDifference): string {
  const met = `${connections.length} connection${connections.length === 1 ? " meets" : "s meet"} it`;
  switch (verdict) {
    case "as captured":
      return met;
    case "more than captured":
      if (connections.length === 0) return "no captured connection meets it";
      return `${met}: ${packets - (atMost ?? 0)} are of others, not captured`;
    case "fewer than captured":
      return `${met}, expected ${atLeast}: ${packets === 0 ? "they" : "some"} did not come by this rule, or it was restored anew`;
    case "not comparable":
      return `${met}; it was replaced between the snapshots`;
  }
}

function withoutComment(text: string): string {
  return text.replaceAll(/-m comment --comment ("(?:[^"\\]|\\.)*"|\S+) /g, "");
}
