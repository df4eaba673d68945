/** A run that was told less, against the one that was told all. */
import { formatEndpoint } from "#net/five-tuple.js";
import type { ConnectionReport, Report, Verdict } from "#verify/report.js";
import { anchorsOf, clientPortOf, failuresOf } from "./replay-cases.js";

/**
 * Verdicts that less evidence must not give: a failure of what is well, a pass of what is broken.
 * A connection is known again by the packets it is told of.
 */
export function flipsOf(whole: Report, part: Report): readonly string[] {
  return [...singleFlipsOf(whole, part, packetsOf), ...acrossFlipsOf(whole, part)];
}

/**
 * Verdicts that turned into their opposite, where packets have other numbers than in the whole run:
 * of a connection known again by its addresses and ports, of many together, and of the run.
 */
export function reversalsOf(whole: Report, part: Report): readonly string[] {
  const single = singleFlipsOf(whole, part, tuplesOf);
  const isAcquitted =
    whole.verdict === "fail" && part.verdict === "pass" && stillThere(whole, part).length > 0;
  return [
    ...single,
    ...acrossFlipsOf(whole, part),
    ...(whole.verdict !== "fail" && part.verdict === "fail" ? ["the run is accused"] : []),
    ...(isAcquitted ? [`the run is acquitted, with ${stillThere(whole, part).join(", ")}`] : []),
  ];
}

/** Connections that fail in the whole and are told of in the part. */
function stillThere(whole: Report, part: Report): readonly string[] {
  const failed = new Set(
    whole.connections.filter(({ verdict }) => verdict === "fail").flatMap(tuplesOf),
  );
  return part.connections.flatMap(tuplesOf).filter((tuple) => failed.has(tuple));
}

/** What is undecided and does not say what would decide it. */
export function withoutReason({ connections, across }: Report): readonly string[] {
  const checks = [
    ...connections.flatMap((report) => report.checks),
    ...across.map(({ check }) => check),
  ];
  return checks
    .filter(({ verdict, missing }) => verdict === "inconclusive" && missing.length === 0)
    .map(({ check, observed }) => `${check} is inconclusive without a reason: ${observed}`);
}

function singleFlipsOf(
  whole: Report,
  part: Report,
  by: (report: ConnectionReport) => readonly string[],
): readonly string[] {
  const known = new Map<string, ConnectionReport[]>();
  for (const report of whole.connections) {
    for (const name of by(report)) known.set(name, [...(known.get(name) ?? []), report]);
  }
  return part.connections.flatMap((report) => {
    const same = new Set(by(report).flatMap((name) => known.get(name) ?? []));
    return isFlip(
      report.verdict,
      [...same].map(({ verdict }) => verdict),
    )
      ? [describe(report, [...same])]
      : [];
  });
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

/** By addresses and ports, whichever way they went. */
function tuplesOf({ protocol, sightings }: ConnectionReport): readonly string[] {
  return sightings.map(({ point, source, destination }) => {
    const ends = [formatEndpoint(source), formatEndpoint(destination)].sort();
    return `${protocol} ${ends.join(" ")} at ${point}`;
  });
}

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
