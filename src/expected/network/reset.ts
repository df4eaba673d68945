/** The way of the reset with which a socket's stack answers what it does not know. */
import { newTracking } from "#expected/netfilter/conntrack.js";
import { reverse } from "#expected/netfilter/predicted-tuple.js";
import { trackingOf } from "./known-connections.js";
import { namespaceOfParty } from "./namespace.js";
import type { Network } from "./namespaces.js";
import type { Hop, Path } from "./path.js";
import { everyWay } from "./ways.js";

/**
 * RFC 9293 §3.10.7: a segment for no connection, or in SYN-SENT with an acknowledgement of another,
 * is answered with RST. Empty where the answer is known, or whoever gets it is outside.
 */
export function resetsOf(network: Network, { dial, request, reply }: Path): readonly Hop[] {
  const { protocol } = dial.tuple;
  if (reply?.arrives === undefined || reply.isRecognised || protocol !== "tcp") return [];
  const namespace = namespaceOfParty(network, dial.from);
  if (namespace === undefined) return [];
  const tuple = reverse(reply.arrives);
  const behind = [...request, ...reply.hops];
  // It begins no connection (linux net/netfilter/nf_conntrack_proto_tcp.c, tcp_conntracks: sIV).
  const strange = { ...newTracking(tuple), state: "invalid" as const };
  const tracking = trackingOf({ namespace, tuple, behind }) ?? strange;
  const input = { tuple, arrival: { from: "process" as const }, tracking, tcpFlags: RESET };
  const [way] = everyWay(network, { direction: "reset", start: { namespace, input }, behind });
  return way?.hops ?? [];
}

const RESET = ["RST"] as const;
