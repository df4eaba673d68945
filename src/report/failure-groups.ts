/** Failures that mean the same, together: a diagnosis, the checks it is about, and what they come from. */
import type { Check, Report } from "#verify/report.js";
import { causeLines, type CauseLine } from "./cause-lines.js";
import { told } from "./check-table.js";

export interface FailureGroup {
  /** Stable, `PC024`; undefined for a check that no diagnosis explains. */
  readonly code: string | undefined;
  readonly title: string;
  /** Of every connection that it is true of, in the report's order. */
  readonly ids: readonly string[];
  /** One of each check's name. */
  readonly checks: readonly FailedCheck[];
  /** Each once in a report: of connections that an earlier group has told of, none. */
  readonly causes: readonly CauseLine[];
  readonly explanation: string | undefined;
  readonly remedy: string | undefined;
}

export interface FailedCheck {
  /** As the first connection has it. */
  readonly check: Check;
  readonly ids: readonly string[];
}

/** In the order in which the report's connections come to them. */
export function failureGroups(report: Report): readonly FailureGroup[] {
  const explained = new Set<string>();
  return [...failedChecks(report).values()].flatMap((byName) => {
    const checks = [...byName.values()];
    const [first] = checks;
    if (!first) return [];
    const { finding, check } = first.check;
    const ids = [...new Set(checks.flatMap((each) => each.ids))];
    return {
      code: finding?.code,
      title: finding?.title ?? check,
      ids,
      checks,
      causes: [...causeLines(report, { ids, told: explained })],
      explanation: finding?.explanation,
      remedy: finding?.remedy,
    };
  });
}

type Collected = FailedCheck & { readonly ids: string[] };

/** By what they mean, then by the check's name. */
function failedChecks(report: Report): ReadonlyMap<string, ReadonlyMap<string, Collected>> {
  const groups = new Map<string, Map<string, Collected>>();
  for (const { check, ids } of told(report)) {
    if (check.verdict !== "fail") continue;
    const key = check.finding?.code ?? check.check;
    const group = groups.get(key) ?? new Map<string, Collected>();
    const known = group.get(check.check);
    if (known) known.ids.push(...ids);
    else group.set(check.check, { check, ids: [...ids] });
    groups.set(key, group);
  }
  return groups;
}
