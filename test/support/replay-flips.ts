/** A run that was told less, against the one that was told all. */
import type { ConnectionReport, Report, Verdict } from "#verify/report.js";
import { anchorsOf, clientPortOf, failuresOf } from "./replay-cases.js";

/**
 * Verdicts that less evidence must not give: a failure of what is well, a pass of what is broken.
 * A connection is known again by the packets it is told of.
 */
export function flipsOf(whole: Report, part: Report): readonly string[] {
  const byPacket = new Map(
    whole.connections.flatMap((report) =>
      packetsOf(report).map((packet) => [packet, report] as const),
    ),
  );
  const single = part.connections.flatMap((report) => {
    const same = new Set(packetsOf(report).flatMap((packet) => byPacket.get(packet) ?? []));
    return isFlip(
      report.verdict,
      [...same].map(({ verdict }) => verdict),
    )
      ? [describe(report, [...same])]
      : [];
  });
  return [...single, ...acrossFlipsOf(whole, part)];
}

/** The same, of what many connections tell together. */
function acrossFlipsOf(whole: Report, part: Report): readonly string[] {
  return part.across.flatMap(({ subject, check: { check, verdict } }) => {
    const same = whole.across.filter((one) => one.check.check === check);
    return isFlip(
      verdict,
      same.map((one) => one.check.verdict),
    )
      ? [`${check} of ${subject}: now ${verdict} across`]
      : [];
  });
}

const packetsOf = (report: ConnectionReport): readonly string[] =>
  anchorsOf(report).map((anchor) => anchor.replace(/ .*/, ""));

function isFlip(part: Verdict, whole: readonly Verdict[]): boolean {
  if (part === "fail") return !whole.includes("fail");
  return part === "pass" && !whole.includes("pass") && !whole.includes("inconclusive");
}

function describe(report: ConnectionReport, same: readonly ConnectionReport[]): string {
  const before = same.map(({ verdict, scenario }) => `${verdict} as ${scenario}`).join(", ");
  const now = `${report.verdict} as ${report.scenario} ${failuresOf(report).join(", ")}`;
  return `${clientPortOf(report)}: ${before || "not reported"}, now ${now}`;
}

/** Numbers from 0 below 1, the same ones for the same seed (Numerical Recipes' ranqd1). */
export function numbersFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
