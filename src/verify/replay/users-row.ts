/** What a report says of the user's own row that a connection was held against. */
import type { Check } from "#verify/report.js";
import type { Option } from "./judgement.js";
import type { ReplayCase } from "./replay-case.js";
import type { ReplayOutcome } from "./replay-check.js";

/** `my.yaml row "external client to node:nodePort"`. */
export function describeRow(file: string | undefined, name: string): string {
  return `${file ?? "the scenario"} row "${name}"`;
}

/** Every check names the row, for whoever reads one alone. */
export function toldByRow(checks: readonly Check[], { byRow }: ReplayCase): readonly Check[] {
  if (!byRow) return checks;
  const by = describeRow(byRow.scenario.file, byRow.row.name);
  return checks.map((check) => ({ ...check, expected: `${check.expected}, by ${by}` }));
}

/** The row speaks of what this connection has not: no verdict can rest on it. */
export function unresolvedRow({ byRow }: Option): ReplayOutcome | undefined {
  const [first] = byRow?.expectation.unresolved ?? [];
  if (!byRow || first === undefined) return undefined;
  const row = describeRow(byRow.scenario.file, byRow.row.name);
  return {
    verdict: "inconclusive",
    expected: byRow.scenario.title,
    observed: `${row} has ${first}: there is no such address or capture point on its way`,
    missing: [
      "another word in that row, or in the topology the interfaces and addresses of the node",
    ],
  };
}

const MAX_SENTENCES = 3;

/** Of one row: what the rules that programs write would do otherwise. It decides nothing. */
export interface Disagreement {
  readonly row: string;
  readonly note: string;
}

export function disagreement({ byRow }: ReplayCase): Disagreement | undefined {
  const otherwise = byRow?.expectation.otherwise ?? [];
  if (!byRow || otherwise.length === 0) return undefined;
  const row = describeRow(byRow.scenario.file, byRow.row.name);
  const more = otherwise.length - MAX_SENTENCES;
  const rest = more > 0 ? [`and ${more} more`] : [];
  const told = [...otherwise.slice(0, MAX_SENTENCES), ...rest].join("; ");
  const note =
    `${row} is not what the rules that kube-proxy, portmap, Docker and flannel write for this ` +
    `topology do. By these: ${told}`;
  return { row, note };
}

/** Connections of one row differ in their ports alone: one is told. */
export function disagreements(
  replayed: readonly { readonly disagreement: Disagreement | undefined }[],
): readonly string[] {
  const byRow = new Map<string, string>();
  for (const { disagreement: one } of replayed) {
    if (one && !byRow.has(one.row)) byRow.set(one.row, one.note);
  }
  return [...byRow.values()];
}
