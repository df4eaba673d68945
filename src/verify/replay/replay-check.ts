/** How checks of a replayed connection are made: each looks at one case and answers with evidence. */
import type { Check, CheckName, Verdict } from "#verify/report.js";
import type { ReplayCase } from "./replay-case.js";
import type { SeenFlow } from "./seen-flow.js";

export interface ReplayOutcome {
  readonly verdict: Verdict;
  readonly expected: string;
  readonly observed: string;
  readonly flows?: readonly Pick<SeenFlow, "evidence">[];
  readonly missing?: readonly string[];
}

export interface ReplayCheck {
  nameFor(theCase: ReplayCase): CheckName;
  /** Undefined where the check says nothing about such a path. */
  examine(theCase: ReplayCase): ReplayOutcome | undefined;
}

const MAX_EVIDENCE = 4;

export function runReplayCheck(check: ReplayCheck, theCase: ReplayCase): readonly Check[] {
  const outcome = check.examine(theCase);
  if (!outcome) return [];
  return [checkOf(check.nameFor(theCase), outcome, theCase.assumptions)];
}

export function checkOf(
  name: CheckName,
  { verdict, expected, observed, flows = [], missing = [] }: ReplayOutcome,
  assumptions: readonly string[],
): Check {
  return {
    check: name,
    verdict,
    expected,
    observed,
    evidence: flows.slice(0, MAX_EVIDENCE).map(({ evidence }) => evidence),
    assumptions: verdict === "not applicable" ? [] : [...new Set(assumptions)],
    missing,
    finding: undefined,
  };
}
