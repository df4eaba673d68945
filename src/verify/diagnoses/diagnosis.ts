import type { Case } from "#verify/case.js";
import type { Check, CheckName, Finding } from "#verify/report.js";

/** A kind of fault: what happened, and what to do about it. */
export interface Diagnosis extends Finding {
  /** The checks whose failure it explains. */
  readonly checks: readonly CheckName[];
  /** True when it is this fault; the first of the list that says so is reported. */
  applies(theCase: Case, check: Check): boolean;
}

export function defineDiagnosis(diagnosis: Diagnosis): Diagnosis {
  return diagnosis;
}
