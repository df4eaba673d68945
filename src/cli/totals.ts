/** One line per capture point below the table: how much was read, and of when. */
import { counted } from "#net/counted.js";
import type { EpochNs } from "#net/types.js";
import type { CaptureSummary } from "#observed/capture/summary.js";
import { describeDuration, describeTime } from "#report/describe-time.js";
import type { FlowsReport } from "#report/flows-report.js";
import { sanitize } from "#report/sanitize.js";

/** `node1/eth0: 317 packets, 12 connections, 4.201337s from 2026-11-21T09:10:11.123456000Z`. */
export function describeTotals({ points }: FlowsReport): string[] {
  const read = points.filter(({ captures }) => captures.some(({ format }) => format !== undefined));
  return read.map(({ name, captures, connections, statistics }) => {
    const figures = [
      ...(captures.length > 1 ? [counted(captures.length, "file")] : []),
      counted(statistics.records, "packet"),
      counted(connections, "connection"),
      ...describeSpan(captures),
    ];
    return `${sanitize(name)}: ${figures.join(", ")}`;
  });
}

function describeSpan(captures: readonly CaptureSummary[]): string[] {
  const first = extreme(captures.map(({ firstTime }) => firstTime)).least;
  const last = extreme(captures.map(({ lastTime }) => lastTime)).greatest;
  if (first === undefined || last === undefined) return [];
  const start = describeTime(first);
  return [`${describeDuration({ first, last })}${start === undefined ? "" : ` from ${start}`}`];
}

function extreme(times: readonly (EpochNs | undefined)[]) {
  const known = times.filter((time) => time !== undefined).sort((a, b) => (a < b ? -1 : 1));
  return { least: known[0], greatest: known.at(-1) };
}
