/** From capture files to tracked connections, telling stderr what stood in the way. */
import { statSync } from "node:fs";
import { sanitize } from "#report/sanitize.js";
import {
  trackCaptures,
  type CaptureInput,
  type TrackedCaptures,
  type TrackOptions,
} from "../pipeline.js";
import { describeComplaints, isUnreadable } from "./complaints.js";
import { CannotCheck } from "./exit.js";
import type { InputSeries } from "./inputs.js";
import type { Io } from "./io.js";
import type { OpenInputs } from "./open-inputs.js";
import { pointNames } from "./point-names.js";
import { progressFor, type Progress } from "./progress.js";
import { captureFile } from "./sources.js";

export interface Reading {
  readonly report: TrackedCaptures;
  /** What was read, to be opened again by who needs its packets. */
  readonly captures: readonly CaptureInput[];
  /** Of reading them; undefined where nobody watches. */
  readonly progress: Progress | undefined;
  /** False when something named on the command line could not be read: exit 2, whatever else. */
  readonly complete: boolean;
}

export interface ReadOptions extends TrackOptions {
  /** The flag that needs the captures a second time; undefined when none does. */
  readonly readAgainFor?: string | undefined;
}

export async function readCaptures(
  { series, failures, flags }: OpenInputs,
  io: Io,
  { readAgainFor, ...options }: ReadOptions = {},
): Promise<Reading> {
  const say = (line: string): void => void io.stderr.write(`${line}\n`);
  const failed = [...failures];
  const progress = progressFor(io, totalBytes(series));
  const watch = {
    advance: (bytes: number) => progress?.advance(bytes),
    failed: (line: string) => void failed.push(line),
  };
  if (series.length > MAX_POINTS) throw new CannotCheck(tooMany(series.length));
  const names = pointNames(series);
  const captures = series.map(({ files }, at) => ({
    point: names[at] ?? "",
    files: files.map((file) => captureFile(file, io, watch)),
  }));
  if (readAgainFor !== undefined) refuseOnce(captures, readAgainFor);
  const report = await trackCaptures(captures, options);
  progress?.clear();
  for (const line of failed.slice(failures.length)) say(line);
  for (const line of report.points.flatMap((point) => describeComplaints(point, flags.verbose))) {
    say(line);
  }
  const complete = failed.length === 0 && !report.points.some(isUnreadable);
  return { report, captures, progress, complete };
}

/** Each is followed in tables of its own, which take a few MiB before the first packet. */
const MAX_POINTS = 1000;

function tooMany(points: number): string {
  return (
    `${points} capture points: at most ${MAX_POINTS} are followed together\n` +
    "    try       the captures of one incident; files that tcpdump rotated count as one"
  );
}

/** Before anything is read. */
function refuseOnce(captures: readonly CaptureInput[], flag: string): void {
  const once = captures.flatMap(({ files }) => files).find(({ comesOnce }) => comesOnce);
  if (once === undefined) return;
  throw new CannotCheck(
    `${flag}: packets are taken from the captures in a second reading, and what comes through ` +
      `${sanitize(once.name)} comes once\n    try       save it to a file first, and name the file`,
  );
}

/** 0, which means unknown, as soon as one is a pipe. */
function totalBytes(series: readonly InputSeries[]): number {
  const sizes = series
    .flatMap(({ files }) => files)
    .map(({ path }) => statSync(path, { throwIfNoEntry: false })?.size ?? 0);
  return sizes.includes(0) ? 0 : sizes.reduce((total, size) => total + size, 0);
}
