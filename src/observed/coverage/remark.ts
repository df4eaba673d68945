import type { PointCoverage } from "./point-coverage.js";

/**
 * `limits`: the capture provably lacks what it should have. `unknown`: its files cannot tell.
 * `note`: nothing is missing, but it looks like a fault to who does not know it.
 */
export type Grade = "limits" | "unknown" | "note";

/** One thing about a capture that whoever reads it must know. */
export interface Remark {
  /** The definition's, stable: programs compare it. */
  readonly id: string;
  readonly grade: Grade;
  /** A sentence with its figures, without the point's name. */
  readonly text: string;
  /** What to do, or to look at; undefined where nothing helps or is needed. */
  readonly remedy: string | undefined;
}

/** A kind of remark: one file in `remarks/`, which has its id for a name. */
export interface RemarkDefinition {
  readonly id: string;
  readonly grade: Grade;
  /** Undefined where there is nothing to say of this point. */
  examine(point: PointCoverage): Pick<Remark, "text" | "remedy"> | undefined;
}

/** `9 of 12 (75 %)`. */
export function share(part: number, whole: number): string {
  return `${part} of ${whole} (${whole === 0 ? 0 : Math.round((100 * part) / whole)} %)`;
}
