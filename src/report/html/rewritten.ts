import type { Rewrite } from "#verify/journey-stop.js";
import type { LadderStop } from "./ladder-stops.js";

/** Whether the stop behind a rewrite shows what it should have made; undefined where the stop shows nothing. */
export function isRewritten(
  { before, after }: Rewrite,
  { observed, outcome }: LadderStop,
): boolean | undefined {
  if (observed === undefined) return undefined;
  if (outcome === "as expected") return true;
  const was = endsOf(before);
  const seen = endsOf(observed);
  // What the rule leaves alone says nothing of it.
  const changed = endsOf(after).flatMap((end, at) => (end === was[at] ? [] : [{ end, at }]));
  return changed.every(({ end, at }) => fits({ expected: end, seen: seen[at] ?? "" }));
}

function endsOf(tuple: string): readonly string[] {
  return tuple.split(" > ");
}

/** `10.233.1.0:*` is any port of that address. */
function fits({ expected, seen }: { expected: string; seen: string }): boolean {
  return expected.endsWith(":*") ? seen.startsWith(expected.slice(0, -1)) : seen === expected;
}
