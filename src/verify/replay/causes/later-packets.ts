/** Rules that let a handshake through and not what comes behind it, and rules against the tunnel. */
import type { PacketInput } from "#expected/netfilter/packet.js";
import type { PredictedTuple } from "#expected/netfilter/predicted-tuple.js";
import { traverse } from "#expected/netfilter/traverse.js";
import { firstOfKind } from "#expected/network/interfaces.js";
import { trackingOf } from "#expected/network/known-connections.js";
import { stateOf } from "#expected/network/namespace.js";
import type { Network } from "#expected/network/network.js";
import type { Hop, Path } from "#expected/network/path.js";
import type { RuleCause } from "#verify/attribution.js";
import { endedBy } from "./rule-causes.js";

export interface DataPackets {
  readonly direction: "request" | "answer";
  /** Of one packet on the wire, IP and TCP headers included. */
  readonly lengthBytes: number;
}

/** What drops or rejects a full packet of an open connection. */
export function rulesAgainstData(
  network: Network,
  { path, data }: { readonly path: Path; readonly data: DataPackets },
): readonly RuleCause[] {
  const replies = path.reply?.hops ?? [];
  const hops = data.direction === "request" ? path.request : replies;
  const behind = [...path.request, ...replies];
  return hops.flatMap((hop) => {
    const { namespace, arrival, trace } = hop;
    const tuple = trace.first;
    const tracking = trackingOf({ namespace, tuple, behind });
    if (tracking === undefined) return [];
    const { lengthBytes } = data;
    const packet = { tuple, arrival, tracking, tcpFlags: ["PSH", "ACK"] as const, lengthBytes };
    return stoppedBy(network, { hop, packet, packets: "data" });
  });
}

/** What drops or rejects the packet that carries the connection's from node to node. */
export function rulesAgainstTunnel(network: Network, hops: readonly Hop[]): readonly RuleCause[] {
  return hops.flatMap((hop, at) => {
    const { outer } = hop;
    const next = hops[at + 1];
    if (outer === undefined || next === undefined) return [];
    const sent = { tuple: outer, arrival: { from: "process" as const } };
    const uplink = firstOfKind(network, { node: next.namespace.name, kind: "uplink" });
    const received = uplink && receivedBy(outer, uplink);
    return [
      ...stoppedBy(network, { hop, packet: sent, packets: "tunnel" }),
      ...(received ? stoppedBy(network, { hop: next, packet: received, packets: "tunnel" }) : []),
    ];
  });
}

function receivedBy(tuple: PredictedTuple, name: string): PacketInput {
  return { tuple, arrival: { from: "interface", name } };
}

interface Sent {
  readonly hop: Hop;
  readonly packet: PacketInput;
  readonly packets: RuleCause["packets"];
}

/** Only where every way that it can take ends so: what is left to chance accuses nobody. */
function stoppedBy(network: Network, { hop, packet, packets }: Sent): readonly RuleCause[] {
  const state = stateOf(network, hop.namespace);
  if (state === undefined) return [];
  const traces = traverse(state, packet);
  const found = traces.map((trace) => endedBy(network, { last: { ...hop, trace }, packets }));
  return found.every((causes) => causes.length > 0) ? (found[0] ?? []) : [];
}
