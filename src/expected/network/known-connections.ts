/** What the connection's earlier packets left in a namespace's conntrack, for those that follow. */
import { newTracking, type ConntrackEntry, type Tracking } from "#expected/netfilter/conntrack.js";
import type { PredictedEndpoint, PredictedTuple } from "#expected/netfilter/predicted-tuple.js";
import { sameNamespace, type Namespace } from "./namespace.js";
import type { Hop } from "./path.js";

export interface Lookup {
  readonly namespace: Namespace;
  readonly tuple: PredictedTuple;
  /** Those the connection has behind it, of either direction. */
  readonly behind: readonly Hop[];
}

/** Undefined for a connection that the namespace has not seen. */
export function trackingOf({ namespace, tuple, behind }: Lookup): Tracking | undefined {
  for (const { trace, namespace: passed } of behind) {
    if (trace.entry === undefined || !sameNamespace(passed, namespace)) continue;
    const direction = directionIn(trace.entry, tuple);
    if (direction) return { state: "established", direction, entry: trace.entry };
  }
  return undefined;
}

/**
 * An answer that a namespace does not know: a SYN-ACK begins no connection (linux
 * net/netfilter/nf_conntrack_proto_tcp.c, tcp_conntracks: sIV), any datagram does.
 */
export function strangeAnswer(tuple: PredictedTuple): Tracking {
  const tracking = newTracking(tuple);
  return tuple.protocol === "tcp" ? { ...tracking, state: "invalid" } : tracking;
}

function directionIn(
  entry: ConntrackEntry,
  tuple: PredictedTuple,
): Tracking["direction"] | undefined {
  if (couldBe(entry.reply, tuple)) return "reply";
  return couldBe(entry.original, tuple) ? "original" : undefined;
}

/** A port that is any could be the other's. */
export function couldBe(one: PredictedTuple, other: PredictedTuple): boolean {
  return (
    one.protocol === other.protocol &&
    couldBeEnd(one.source, other.source) &&
    couldBeEnd(one.destination, other.destination)
  );
}

function couldBeEnd(one: PredictedEndpoint, other: PredictedEndpoint): boolean {
  const isPort = one.port === "any" || other.port === "any" || one.port === other.port;
  return isPort && one.address === other.address;
}
