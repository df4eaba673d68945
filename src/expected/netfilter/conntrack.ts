/** The kernel's connection state as far as it decides a packet's way. */
import type { ConntrackDirection } from "./rule.js";
import { reverse, type PredictedEndpoint, type PredictedTuple } from "./predicted-tuple.js";

/** Both tuples of a connection; where they are not each other's reverse, NAT is in between. */
export interface ConntrackEntry {
  /** As the first packet came. */
  readonly original: PredictedTuple;
  /** As an answer arrives, before anything is translated back. */
  readonly reply: PredictedTuple;
  readonly mark: number;
  /**
   * The virtual server's end, where IPVS has given the connection another destination. nat does not
   * know of it: its own destination is this one.
   */
  readonly balancedFrom?: PredictedEndpoint;
}

/** What a packet is to conntrack (linux include/uapi/linux/netfilter/nf_conntrack_common.h). */
export type PacketState = "new" | "established" | "related" | "invalid" | "untracked";

export interface Tracking {
  readonly state: PacketState;
  readonly direction: ConntrackDirection;
  readonly entry: ConntrackEntry;
}

/** The entry of a first packet before any rule has translated it. */
export function newTracking(tuple: PredictedTuple): Tracking {
  return {
    state: "new",
    direction: "original",
    entry: { original: tuple, reply: reverse(tuple), mark: 0 },
  };
}

export function isSourceTranslated({ original, reply }: ConntrackEntry): boolean {
  return !sameEnd(original.source, reply.destination);
}

export function isDestinationTranslated({
  original,
  reply,
  balancedFrom,
}: ConntrackEntry): boolean {
  return !sameEnd(original.destination, balancedFrom ?? reply.source);
}

function sameEnd(a: PredictedTuple["source"], b: PredictedTuple["source"]): boolean {
  return a.address === b.address && a.port === b.port;
}

/** The entry once nat has given its first packet another source or destination. */
export function withTranslated(
  entry: ConntrackEntry,
  end: "source" | "destination",
  value: PredictedTuple["source"],
): ConntrackEntry {
  const answered = end === "source" ? "destination" : "source";
  return { ...entry, reply: { ...entry.reply, [answered]: value } };
}

/** What nat rewrites a packet of a known connection to at a hook of destinations or of sources. */
export function translatedEnd(
  { entry, direction }: Tracking,
  end: "source" | "destination",
): PredictedTuple["source"] {
  if (direction === "reply") {
    return end === "destination" ? entry.original.source : entry.original.destination;
  }
  const { reply, balancedFrom } = entry;
  return end === "destination" ? (balancedFrom ?? reply.source) : reply.destination;
}

/** True when a new connection with this tuple's answers could be told from none of `entries`. */
export function isTaken(tuple: PredictedTuple, entries: readonly ConntrackEntry[]): boolean {
  const reply = reverse(tuple);
  return entries.some(({ original, reply: known }) =>
    [original, known].some(
      (other) =>
        other.protocol === reply.protocol &&
        sameEnd(other.source, reply.source) &&
        sameEnd(other.destination, reply.destination),
    ),
  );
}
