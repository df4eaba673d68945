/**
 * Joins connections that are one conversation seen at several capture points. NAT rewrites addresses and
 * ports, so they name nothing. First what names a conversation: sequence numbers, SYN options,
 * conntrack entries, identified packets. Then what only resembles, one to one over all that is left, with the
 * runner-up kept; what that leaves open is told as such (docs/decisions/0014-named-before-resembling.md).
 */
import type { ConntrackEntry } from "#observed/conntrack/conntrack-entry.js";
import type { Connection } from "#observed/flow/connection.js";
import { ConnectionLegs } from "./connection-legs.js";
import { ConntrackFlows } from "./conntrack-flows.js";
import { Groups } from "./groups.js";
import { joinHalfSeen } from "./half-seen.js";
import { joinByBothNumbers } from "./handshakes.js";
import type { Joining } from "./joining.js";
import type { Journey } from "./journey.js";
import { journeysOf } from "./journeys.js";
import type { Legs } from "./legs.js";
import { joinMidStream } from "./mid-stream.js";
import { joinByResemblance } from "./resemblance.js";
import { joinByPackets } from "./same-packets.js";
import { SequenceRanges } from "./sequence-ranges.js";
import { inOrder } from "./leg-order.js";

export interface JoinOptions {
  /** Of any node and time; they decide where they speak of what was captured. */
  readonly conntrack?: readonly ConntrackEntry[];
}

/** The same journeys in whatever order the connections come. */
export function joinConnections(
  given: Iterable<Connection>,
  options: JoinOptions = {},
): readonly Journey[] {
  const connections = inOrder(given);
  return journeysOf(connections, joinLegs(new ConnectionLegs(connections), options));
}

/** The same for legs that may be packed. */
export function joinLegs(connections: Legs, { conntrack: entries = [] }: JoinOptions = {}): Groups {
  const { handshakes } = connections;
  const groups = new Groups(connections.length);
  const conntrack = new ConntrackFlows(entries, connections);
  const ranges = new SequenceRanges(connections);
  const joining: Joining = { connections, handshakes, ranges, conntrack, groups };
  joinByBothNumbers(handshakes, groups);
  conntrack.join(groups, handshakes);
  const open = [...joinHalfSeen(joining), ...joinMidStream(joining), ...joinByPackets(joining)];
  joinByResemblance(open, joining);
  return groups;
}
