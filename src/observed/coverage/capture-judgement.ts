/** Whether captures saw enough: what each point can prove, and how to capture it better. */
import { epochNs, type EpochNs } from "#net/types.js";
import type { Connection } from "#observed/flow/connection.js";
import { pointCoverages, type PointCoverage, type ReadPoint } from "./point-coverage.js";
import type { Remark } from "./remark.js";
import { remarksOn } from "./remarks/index.js";
import { tcpdumpLine } from "./tcpdump-line.js";

export interface CaptureJudgement {
  readonly points: readonly JudgedPoint[];
  /** While every point was recording; undefined when there is no such time, or one point alone. */
  readonly together: TimeWindow | undefined;
  /** Names of points that recorded more than ten seconds before or after another did. */
  readonly apart: readonly string[];
}

export interface JudgedPoint {
  readonly coverage: PointCoverage;
  readonly remarks: readonly Remark[];
  /** True when something provably limits what its silence proves. */
  readonly isLimited: boolean;
  readonly command: string;
}

export interface TimeWindow {
  readonly first: EpochNs;
  readonly last: EpochNs;
}

export function judgeCaptures(
  points: readonly ReadPoint[],
  connections: Iterable<Connection>,
): CaptureJudgement {
  const judged = pointCoverages(points, connections).map((coverage) => {
    const remarks = remarksOn(coverage);
    const isLimited = remarks.some(({ grade }) => grade === "limits");
    return { coverage, remarks, isLimited, command: tcpdumpLine(coverage) };
  });
  return { points: judged, ...windowsOf(judged.map(({ coverage }) => coverage)) };
}

/**
 * A quiet interface records nothing for a while though its capture runs; further apart than that,
 * captures are of two attempts.
 */
const MAX_QUIET_NS = 10_000_000_000n;

function windowsOf(points: readonly PointCoverage[]): Pick<CaptureJudgement, "together" | "apart"> {
  const windows = points.flatMap(({ name, first, last }) =>
    first === undefined || last === undefined ? [] : [{ name, first, last }],
  );
  const apart = windows.filter((one) => windows.some((other) => isApart(one, other)));
  const first = windows.map((one) => one.first).reduce(later, epochNs(0n));
  const last = windows.map((one) => one.last).reduce(earlier, windows[0]?.last ?? epochNs(0n));
  const isTogether = windows.length > 1 && first < last;
  return {
    together: isTogether ? { first, last } : undefined,
    apart: apart.map(({ name }) => name),
  };
}

function isApart(one: TimeWindow, other: TimeWindow): boolean {
  return other.last + MAX_QUIET_NS < one.first || one.last + MAX_QUIET_NS < other.first;
}

const later = (a: EpochNs, b: EpochNs): EpochNs => (a > b ? a : b);
const earlier = (a: EpochNs, b: EpochNs): EpochNs => (a < b ? a : b);
