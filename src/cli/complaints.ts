/** What stderr says about capture files: each fact once, as `where: what`. */
import { counted } from "#net/counted.js";
import type { CaptureSummary } from "#observed/capture/summary.js";
import type { StopCount } from "#observed/flow/statistics.js";
import type { TrackedPoint } from "#report/flows-report.js";
import { sanitize } from "#report/sanitize.js";

/** Kinds of decode stops told of one capture point unless asked for all. */
const MAX_STOPS_TOLD = 5;

export function describeComplaints(point: TrackedPoint, verbose: boolean): string[] {
  return [
    ...point.captures.flatMap(describeProblems),
    ...describeStops(point, verbose ? Infinity : MAX_STOPS_TOLD),
    ...describeLosses(point),
  ];
}

/**
 * True when the files hold something that we did not read. A cut tail is none: tcpdump was killed,
 * and everything before it counts. Nor is a file without packets.
 */
export function isUnreadable(point: TrackedPoint): boolean {
  return point.captures.some(isBroken) || isUndecoded(point);
}

function isBroken({ format, problems, truncated, interfaces }: CaptureSummary): boolean {
  const unread = problems.some(({ kind }) => kind === "malformed" || kind === "unsupported");
  // Cut inside the header: not even the link type is known.
  return unread || format === undefined || (truncated && interfaces.length === 0);
}

function describeProblems({ file, problems }: CaptureSummary): string[] {
  return problems.map(({ message }) => `${sanitize(file)}: ${sanitize(message)}`);
}

/** `node.pcap#12: 40 packets: EtherType 0x88cc (LLDP): not read`. */
function describeStops({ name, statistics }: TrackedPoint, limit: number): string[] {
  const { stops, otherStops } = statistics;
  const lines = stops.slice(0, limit).map((stop) => {
    const where = `${sanitize(stop.first.file)}#${stop.first.packet}`;
    return `${where}: ${counted(stop.packets, "packet")}: ${describeStop(stop)}`;
  });
  const untold = stops.slice(limit).reduce((total, { packets }) => total + packets, otherStops);
  if (untold === 0) return lines;
  const hint = stops.length > limit ? "; -v tells each" : "";
  return [...lines, `${sanitize(name)}: ${counted(untold, "packet")}: other reasons${hint}`];
}

function describeStop({ kind, layer, reason }: StopCount): string {
  return sanitize(kind === "unsupported" ? `${reason}: not read` : `${kind} ${layer}: ${reason}`);
}

/** Packets that are in no connection though they could be. */
function describeLosses(point: TrackedPoint): string[] {
  const { records, overflow } = point.statistics;
  const name = sanitize(point.name);
  return [
    ...(isUndecoded(point)
      ? [`${name}: none of ${counted(records, "packet")} could be decoded`]
      : []),
    ...(overflow > 0
      ? [`${name}: ${counted(overflow, "packet")} of connections beyond the limit not followed`]
      : []),
  ];
}

function isUndecoded({ statistics: { records, withoutIp, arp } }: TrackedPoint): boolean {
  return records > 0 && withoutIp === records && arp.requests + arp.replies === 0;
}
