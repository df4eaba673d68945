/** Whether conntrack forgot a connection that was still in use, as its events tell. */
import { formatTuple, sameEndpoint, type FiveTuple } from "#net/five-tuple.js";
import type { ConntrackEntry } from "#observed/conntrack/conntrack-entry.js";
import type { ConntrackOfRun } from "#verify/dialled.js";
import type { SeenFlow } from "./seen-flow.js";

export interface LostEntry {
  /** The event that ended it. */
  readonly entry: ConntrackEntry;
  /** The next entry of the same tuple, which a later packet made; undefined where none was. */
  readonly again: ConntrackEntry | undefined;
  /** A clause behind the event's node, file and line. */
  readonly why: string;
}

interface Asked {
  readonly conntrack: ConntrackOfRun;
  /** Of the connection that fails. */
  readonly flows: readonly SeenFlow[];
}

/**
 * TCP alone: a datagram's entry ends by itself whenever nothing is sent for a while. In the same way TCP
 * ends in TIME_WAIT or CLOSE; an established one goes by a flush, a full table, or after five days
 * (linux net/netfilter/nf_conntrack_proto_tcp.c, `tcp_timeouts`).
 */
export function lostEntry({ conntrack, flows }: Asked): LostEntry | undefined {
  const plain = flows.filter(({ isTunnelled, tuple }) => !isTunnelled && tuple.protocol === "tcp");
  const events = new Set(
    plain.flatMap(({ tuple }) => conntrack.index.flowsOf(tuple).flatMap(({ entries }) => entries)),
  );
  const told = [...events].filter(({ original }) =>
    plain.some(({ tuple }) => isOf(original, tuple)),
  );
  for (const entry of told) {
    if (entry.event !== "destroy" || !IN_USE.has(entry.state ?? "")) continue;
    const again = told.find((other) => other.event === "new" && isLater(other, entry));
    if (again === undefined && !hasPacketsBehind(entry, plain)) continue;
    return { entry, again, why: clauseOf(entry, again) };
  }
  return undefined;
}

const IN_USE: ReadonlySet<string> = new Set(["SYN_RECV", "ESTABLISHED"]);

function isOf(original: FiveTuple, { source, destination }: FiveTuple): boolean {
  return (
    (sameEndpoint(original.source, source) && sameEndpoint(original.destination, destination)) ||
    (sameEndpoint(original.source, destination) && sameEndpoint(original.destination, source))
  );
}

function isLater(other: ConntrackEntry, { node, file, line, original }: ConntrackEntry): boolean {
  const isSame = other.node === node && other.file === file;
  return isSame && other.line > line && formatTuple(other.original) === formatTuple(original);
}

/** The node's own captures have its clock. */
function hasPacketsBehind({ node, time }: ConntrackEntry, flows: readonly SeenFlow[]): boolean {
  return flows.some(
    ({ point, connection }) =>
      point.place.node === node &&
      time !== undefined &&
      connection.first < time &&
      time < connection.last,
  );
}

function clauseOf({ original, state }: ConntrackEntry, again: ConntrackEntry | undefined): string {
  const forgot = `forgot ${formatTuple(original)}/tcp while it was ${state} (conntrack -D or -F, or a full table)`;
  if (again === undefined) return `${forgot}, and packets came after that`;
  const { source, destination } = again.reply;
  return `${forgot}; line ${again.line} has it made anew by a later packet, with ${formatTuple({ source, destination })} as its answers`;
}
