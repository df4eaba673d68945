/**
 * The kernel's load balancer IPVS: what it does to a packet where it hangs on a hook. It follows the
 * source alone (linux 6.12 net/netfilter/ipvs); no kernel with it was at hand to measure.
 */
import { isLoopback } from "#net/address.js";
import { withTranslated } from "./conntrack.js";
import type { Hook } from "./hook.js";
import { chooseRealServer } from "./ipvs-scheduler.js";
import type { Packet } from "./packet.js";
import {
  formatPredictedEndpoint,
  type PredictedEndpoint,
  type PredictedTuple,
} from "./predicted-tuple.js";
import { routeTo } from "./routing.js";
import type { IpvsStep } from "./trace.js";
import type { RealServer, VirtualServer } from "./virtual-server.js";
import type { Ending, Walk } from "./walk.js";

/** `on`: the hook's next; `anew`: IPVS takes it away and sends it like a packet of the node's own. */
export type Balanced = "on" | "anew" | Ending;

/** A packet that IPVS has handled once it lets pass ever after (ipvs_property of the sk_buff). */
export function askIpvs(walk: Walk, hook: Hook): Balanced {
  const { node, packet, isBalanced } = walk;
  if (node.ipvs.length === 0 || isBalanced) return "on";
  const { state, direction, entry } = packet.tracking;
  if (state !== "established" && state !== "related") return schedule(walk, hook);
  if (entry.balancedFrom === undefined) return "on";
  if (direction === "reply") return restoreSource(walk, { hook, virtual: entry.balancedFrom });
  // Requests are not looked for at forward (ip_vs_core.c ip_vs_ops4).
  if (hook === "forward") return "on";
  return handOver(walk, { hook, server: undefined, to: { known: entry.reply.source } });
}

/** ICMP errors it translates with the connection that they are of, and balances none. */
const BALANCED: ReadonlySet<string> = new Set(["tcp", "udp", "sctp"]);

/** A connection that IPVS does not know (ip_vs_core.c ip_vs_try_to_schedule). */
function schedule(walk: Walk, hook: Hook): Balanced {
  const { packet } = walk;
  if (!BALANCED.has(packet.tuple.protocol)) return "on";
  const asked = `${packet.tuple.protocol} ${formatPredictedEndpoint(packet.tuple.destination)}`;
  if (hook === "forward") return pass(walk, { hook, decision: "no connection of its own" });
  const server = isFirst(packet) ? findServer(walk.node.ipvs, packet) : undefined;
  if (server === undefined) return pass(walk, { hook, decision: `no virtual server for ${asked}` });
  const { file, unmodelled, takes } = server;
  if (unmodelled !== undefined) {
    const reason = `${file}:${unmodelled.line}: ${unmodelled.what} is not modelled`;
    return { disposition: "unknown", reason };
  }
  // Only a persistent one may have port 0 (ip_vs_core.c ip_vs_schedule).
  const isVoid =
    takes.by === "address" && takes.port === 0 && server.persistenceSeconds === undefined;
  const choice = isVoid ? undefined : chooseRealServer(walk, server);
  if (choice === undefined) return leave(walk, { hook, server });
  if ("disposition" in choice) return choice;
  return handOver(walk, { hook, server, to: { chosen: choice } });
}

/** A TCP connection is taken up by its SYN alone (ip_vs_proto_tcp.c tcp_conn_schedule). */
function isFirst({ tuple, tcpFlags }: Packet): boolean {
  return tuple.protocol !== "tcp" || (tcpFlags.includes("SYN") && !tcpFlags.includes("ACK"));
}

/** By mark, then by address and port, then by address alone (ip_vs_ctl.c ip_vs_service_find). */
function findServer(
  servers: readonly VirtualServer[],
  { tuple: { protocol, destination }, mark }: Packet,
): VirtualServer | undefined {
  const family = destination.address.includes(":") ? "ipv6" : "ipv4";
  const byAddress = servers.filter(
    ({ takes }) =>
      takes.by === "address" &&
      takes.protocol === protocol &&
      takes.address === destination.address,
  );
  const withPort = (port: PredictedEndpoint["port"]): VirtualServer | undefined =>
    byAddress.find(({ takes }) => takes.by === "address" && takes.port === port);
  return (
    servers.find(
      ({ takes }) =>
        takes.by === "mark" && mark !== 0 && takes.mark === mark && takes.family === family,
    ) ??
    withPort(destination.port) ??
    withPort(0)
  );
}

function pass(walk: Walk, { hook, decision }: { hook: Hook; decision: string }): "on" {
  note(walk, { hook, decision, after: walk.packet.tuple });
  return "on";
}

/** Nobody to take it: ICMP port unreachable, for TCP too (ip_vs_core.c ip_vs_leave). */
function leave(walk: Walk, { hook, server }: { hook: Hook; server: VirtualServer }): Ending {
  note(walk, { hook, server, decision: "no real server to be had", after: walk.packet.tuple });
  const isIpv6 = walk.packet.tuple.destination.address.includes(":");
  return { disposition: "rejected", reason: `${isIpv6 ? "icmp6" : "icmp"}-port-unreachable` };
}

interface HandOver {
  readonly hook: Hook;
  /** Undefined for a later packet of a connection. */
  readonly server: VirtualServer | undefined;
  readonly to: { readonly chosen: RealServer } | { readonly known: PredictedEndpoint };
}

/**
 * The destination becomes the real server's (ip_vs_xmit.c ip_vs_nat_xmit). One on the node itself
 * gets the packet where it is; for the others it is routed anew, which lowers its TTL even when a
 * process of the node has sent it.
 */
function handOver(walk: Walk, { hook, server, to }: HandOver): Balanced {
  const { node, packet } = walk;
  const destination = "known" in to ? to.known : endpointOf(to.chosen, packet.tuple);
  const isLocal = routeTo(node, destination.address)?.type === "local";
  const tuple = { ...packet.tuple, destination };
  const decision = "known" in to ? "later packet of its connection" : "to its real server";
  const realServer = "chosen" in to ? to.chosen : undefined;
  const ttlLowered = isLocal ? 0 : 1;
  note(walk, { hook, server, realServer, decision, after: tuple, ttlLowered });
  const refused = refusedBy({ hook, isLocal, tuple });
  walk.packet = { ...packet, tuple, tracking: balancedTracking(walk, destination) };
  walk.isBalanced = true;
  if (refused !== undefined) return { disposition: "dropped", reason: refused };
  return isLocal ? "on" : "anew";
}

function endpointOf({ address, port }: RealServer, { destination }: PredictedTuple) {
  return { address, port: port === 0 ? destination.port : port };
}

/** ip_vs_xmit.c crosses_local_route_boundary, and ip_vs_nat_xmit of loopback real servers. */
function refusedBy({
  hook,
  isLocal,
  tuple: { source, destination },
}: {
  readonly hook: Hook;
  readonly isLocal: boolean;
  readonly tuple: PredictedTuple;
}): string | undefined {
  if (!isLocal && isLoopback(source.address)) {
    return `IPVS sends nothing from ${source.address} to another machine`;
  }
  if (isLocal && hook === "input" && isLoopback(destination.address)) {
    return `IPVS gives nothing from outside to ${destination.address}`;
  }
  return undefined;
}

/**
 * conntrack learns where the answers will come from, and that nat has not done it (ip_vs_nfct.c
 * ip_vs_update_conntrack). With net.ipv4.vs.conntrack 0 it forgets the packet, and nothing
 * masquerades it.
 */
function balancedTracking({ node, packet, assumptions }: Walk, destination: PredictedEndpoint) {
  const { tracking, tuple } = packet;
  const key = "net.ipv4.vs.conntrack";
  const value = node.sysctls.get(key);
  if (value === undefined) assumptions.add(`${key} is 1, as kube-proxy sets it`);
  if (value === "0") return { ...tracking, state: "untracked" as const };
  if (tracking.state !== "new") return tracking;
  const entry = withTranslated(tracking.entry, "destination", destination);
  return { ...tracking, entry: { ...entry, balancedFrom: tuple.destination } };
}

/** An answer gets the virtual server's address back (ip_vs_core.c handle_response). */
function restoreSource(
  walk: Walk,
  { hook, virtual }: { readonly hook: Hook; readonly virtual: PredictedEndpoint },
): "on" {
  const after = { ...walk.packet.tuple, source: virtual };
  note(walk, { hook, decision: "answer of a real server", after });
  walk.packet = { ...walk.packet, tuple: after };
  walk.isBalanced = true;
  return "on";
}

function note(
  { steps, packet }: Walk,
  {
    hook,
    decision,
    after,
    server,
    realServer,
    ttlLowered = 0,
  }: Pick<IpvsStep, "hook" | "decision" | "after"> &
    Partial<Pick<IpvsStep, "server" | "realServer" | "ttlLowered">>,
): void {
  const before = packet.tuple;
  steps.push({ kind: "ipvs", hook, decision, server, realServer, before, after, ttlLowered });
}
