import type { EpochNs } from "#net/types.js";

/** What a capture's clock says against the reference's. */
export interface ClockEstimate {
  /** The capture point's name: the files of a series, and all interfaces of one file, have one clock. */
  readonly point: string;
  /** Its time less the reference's at `at`, ns. Negative: it is behind. */
  readonly offsetNs: number;
  /** The true offset is at most this far from it, ns; undefined when that is not known. */
  readonly uncertaintyNs: number | undefined;
  /** How much faster it goes than the reference, parts per million; 0 where no drift shows. */
  readonly driftPpm: number;
  /** In the capture's own time. */
  readonly at: EpochNs;
  /** Packets that were seen at both. */
  readonly pairs: number;
  readonly basis: ClockBasis;
  /** `pairs` are requests that a proxy passed on. */
  readonly isRelayed?: true;
}

export type ClockBasis =
  /** The others are measured against it. */
  | "reference"
  /** Bounds from requests and replies hold 0, and nothing else is said of its host. */
  | "same clock"
  | "request and reply"
  /** Only one direction was seen at both, so that its travel time is in the offset. */
  | "one direction"
  /** Nothing that it shows ties it to the others; its times are taken as they are. */
  | "unknown";

export interface Clocks {
  /** One per capture point, in the order of the points. */
  readonly estimates: readonly ClockEstimate[];
  /** What the reference's clock showed when that capture point's showed `time`. */
  toReference(point: string, time: EpochNs): EpochNs;
  /** False when the two have nothing to hold their clocks together by. */
  isComparable(points: { readonly a: string; readonly b: string }): boolean;
  /**
   * How far apart the true times of two packets may be from what `toReference` makes of them, ns; 0
   * on one host, undefined when that is not known.
   */
  uncertaintyBetween(points: { readonly a: string; readonly b: string }): number | undefined;
}
