import type { Check, CheckName, Finding } from "#verify/report.js";
import type { ReplayCase } from "#verify/replay/replay-case.js";

/** A kind of fault of a replayed connection: what happened, and what to do about it. */
export interface ReplayDiagnosis extends Finding {
  /** The checks whose failure it explains. */
  readonly checks: readonly CheckName[];
  /** True when it is this fault; the first of the list that says so is reported. */
  applies(theCase: ReplayCase, check: Check): boolean;
}

export function defineReplayDiagnosis(diagnosis: ReplayDiagnosis): ReplayDiagnosis {
  return diagnosis;
}
