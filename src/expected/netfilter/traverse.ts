/** A packet's path through a node, as the kernel takes it. */
import type { HostInterface, Route, RouteHop } from "#cluster/host.js";
import { everyAlternative, type Choices } from "./choices.js";
import { newTracking, type Tracking } from "./conntrack.js";
import type { Hook } from "./hook.js";
import { askIpvs } from "./ipvs.js";
import { refusedOnInput, refusedOnOutput, refusedToForward } from "./kernel-checks.js";
import type { NodeState } from "./node-state.js";
import type { BridgePort, Packet, PacketInput } from "./packet.js";
import type { PredictedTuple } from "./predicted-tuple.js";
import { describeRoute, findInterface, routeTo } from "./routing.js";
import type { Range } from "./rule.js";
import type { Trace } from "./trace.js";
import { passHook, type Ending, type Walk } from "./walk.js";

/** Every way that the packet can take; more than one only where the kernel leaves it to chance. */
export function traverse(node: NodeState, input: PacketInput): readonly Trace[] {
  let rulesTried = 0;
  const run = (choices: Choices): ReturnType<typeof traceOf> => {
    const walk = startWalk(node, input, choices);
    const { arrival } = input;
    const trace = traceOf(walk, arrival.from === "process" ? send(walk) : receive(walk), input);
    rulesTried += walk.rulesTried;
    return trace;
  };
  const { followed, untold } = everyAlternative(run, () => rulesTried > MAX_RULES_IN_ALL);
  const traces = followed.map(({ probability, result }) => ({ ...result, probability }));
  return untold > 0 ? [...traces, untoldTrace(input.tuple, untold)] : traces;
}

/** Over all ways: a node port with 256 endpoints, the last of 10,000, is within it. */
const MAX_RULES_IN_ALL = 6_000_000;

/** A packet that comes in by an interface. */
function receive(walk: Walk): Ending {
  if (isBridgedPastNetfilter(walk)) return bridgePast(walk);
  // Before routing, so that routing sees the destination that DNAT gives it.
  const ending = pass(walk, "prerouting");
  if (ending) return ending;
  const refused = refusedOnInput(walk);
  if (refused !== undefined) return drop(walk, refused);
  const route = findRoute(walk);
  if (isEnding(route)) return route;
  return route.type === "local" ? deliver(walk) : forward(walk, route);
}

function forward(walk: Walk, route: TakenRoute): Ending {
  const refused = refusedToForward(walk);
  if (refused !== undefined) return drop(walk, refused);
  leaveBy(walk, route);
  return pass(walk, "forward") ?? leave(walk);
}

function deliver(walk: Walk): Ending {
  return pass(walk, "input") ?? { disposition: "delivered-locally" };
}

/** A packet that a process of the node sends. */
function send(walk: Walk): Ending {
  // Routed before netfilter sees it: output's rules can ask for the out device.
  const first = findRoute(walk);
  if (isEnding(first)) return first;
  leaveBy(walk, first);
  const refused = refusedOnOutput(walk);
  if (refused !== undefined) return drop(walk, refused);
  const dialled = walk.packet.tuple;
  const ending = pass(walk, "output");
  if (ending) return ending;
  if (walk.packet.tuple.destination === dialled.destination) return leaveOrLoop(walk, first);
  // A real server of the node itself: IPVS keeps the route.
  if (walk.isBalanced && first.type === "local") return loop(walk);
  // DNAT in output changed where it goes (linux net/netfilter/nf_nat_proto.c nf_nat_ipv4_local_fn).
  const again = findRoute(walk);
  if (isEnding(again)) return again;
  leaveBy(walk, again);
  const refusedAgain = refusedOnOutput(walk);
  return refusedAgain === undefined ? leaveOrLoop(walk, again) : drop(walk, refusedAgain);
}

function leaveOrLoop(walk: Walk, route: TakenRoute): Ending {
  return route.type === "local" ? loop(walk) : leave(walk);
}

/** Last, so that source NAT knows the device it leaves by. */
function leave(walk: Walk): Ending {
  return pass(walk, "postrouting") ?? { disposition: "forwarded" };
}

function pass(walk: Walk, hook: Hook): Ending | undefined {
  return passHook(walk, hook, balance);
}

/**
 * What IPVS has given to a real server elsewhere is routed anew and goes through output, whoever
 * sent it; forward does not see it (linux net/netfilter/ipvs/ip_vs_xmit.c ip_vs_nat_send_or_cont).
 */
function balance(walk: Walk, hook: Hook): Ending | undefined {
  const balanced = askIpvs(walk, hook);
  if (balanced === "on") return undefined;
  if (balanced !== "anew") return balanced;
  const route = findRoute(walk);
  if (isEnding(route)) return route;
  walk.packet = { ...walk.packet, in: undefined };
  leaveBy(walk, route);
  return pass(walk, "output") ?? leave(walk);
}

/**
 * To a process of the same node: out by lo and in again. The packet keeps its conntrack entry and
 * its route, so nat is not asked a second time.
 */
function loop(walk: Walk): Ending {
  const ending = pass(walk, "postrouting");
  if (ending) return ending;
  walk.packet = { ...walk.packet, in: walk.packet.out, out: undefined };
  return pass(walk, "prerouting") ?? deliver(walk);
}

type TakenRoute = Route & { readonly hop: RouteHop | undefined };

function isEnding(value: TakenRoute | Ending): value is Ending {
  return "disposition" in value;
}

function findRoute(walk: Walk): TakenRoute | Ending {
  const { tuple } = walk.packet;
  const { address } = tuple.destination;
  const route = routeTo(walk.node, address);
  if (route === undefined) return drop(walk, `no route to ${address}`);
  const hop = chooseHop(walk, route);
  walk.steps.push({ kind: "routing", tuple, decision: describeRoute(route, hop) });
  if (route.type === "unicast" || route.type === "local") return { ...route, hop };
  if (ANSWERED.has(route.type)) return { disposition: "rejected", reason: `${route.type} route` };
  if (route.type === "blackhole") return { disposition: "dropped", reason: "blackhole route" };
  return { disposition: "unknown", reason: `${route.type} destinations are not modelled` };
}

/** The kernel tells the sender by ICMP. */
const ANSWERED: ReadonlySet<Route["type"]> = new Set(["unreachable", "prohibit"]);

/** A multipath route is hashed over source and destination, with a result nobody can foretell. */
function chooseHop({ choices }: Walk, { hops }: Route): RouteHop | undefined {
  if (hops.length < 2) return hops[0];
  const total = hops.reduce((sum, { weight }) => sum + weight, 0);
  return hops[choices.choose(hops.map(({ weight }) => weight / total))];
}

function leaveBy(walk: Walk, { type, hop }: TakenRoute): void {
  const loopback = walk.node.interfaces.find(({ isLoopback }) => isLoopback)?.name ?? "lo";
  walk.packet = { ...walk.packet, out: type === "local" ? loopback : hop?.device };
  walk.nextHop = hop?.gateway ?? walk.packet.tuple.destination.address;
}

function drop(walk: Walk, reason: string): Ending {
  const { tuple } = walk.packet;
  walk.steps.push({ kind: "routing", tuple, decision: reason });
  return { disposition: "dropped", reason };
}

/**
 * Frames between ports of one bridge meet no iptables rule when bridge-nf-call-iptables is 0. What is
 * for the node itself, or for elsewhere, is handed up and routed like any other.
 */
function isBridgedPastNetfilter({ node, packet, assumptions }: Walk): boolean {
  const { address } = packet.tuple.destination;
  if (packet.bridgePort === undefined) return false;
  const route = routeTo(node, address);
  const staysOnBridge = route?.hops.every((hop) => isOnLink(hop, packet.in)) ?? false;
  if (route?.type !== "unicast" || !staysOnBridge) return false;
  const key = `net.bridge.bridge-nf-call-${address.includes(":") ? "ip6tables" : "iptables"}`;
  const value = node.sysctls.get(key);
  if (value === undefined) assumptions.add(`${key} is 1`);
  return value === "0";
}

function isOnLink({ device, gateway }: RouteHop, name: string | undefined): boolean {
  return device === name && gateway === undefined;
}

function bridgePast(walk: Walk): Ending {
  const { tuple, in: bridge } = walk.packet;
  const decision = `bridged by ${bridge}, past netfilter (bridge-nf-call-iptables is 0)`;
  walk.steps.push({ kind: "routing", tuple, decision });
  walk.packet = { ...walk.packet, out: bridge };
  return { disposition: "forwarded" };
}

function startWalk(node: NodeState, input: PacketInput, choices: Choices): Walk {
  return {
    node,
    choices,
    steps: [],
    assumptions: new Set(),
    settled: new Set(),
    packet: startPacket(node, input),
    nextHop: input.tuple.destination.address,
    rulesTried: 0,
    isBalanced: false,
  };
}

function startPacket(node: NodeState, input: PacketInput): Packet {
  const { tuple, arrival, tracking, tcpFlags, icmp, lengthBytes } = input;
  const name = arrival.from === "interface" ? arrival.name : undefined;
  const port = name === undefined ? undefined : findInterface(node, name);
  return {
    tuple,
    mark: 0,
    // Rules see the bridge; which of its ports a frame came in by only -m physdev asks.
    in: port?.bridge ?? name,
    out: undefined,
    bridgePort: port && bridgePortOf(port),
    tracking: tracking ?? newTracking(tuple),
    tcpFlags: tcpFlags ?? ["SYN"],
    icmp,
    lengthBytes:
      lengthBytes === undefined ? possibleLength(input) : { first: lengthBytes, last: lengthBytes },
  };
}

/**
 * A SYN carries options and no data (RFC 9293 §3.1: at most 60 bytes of TCP header; RFC 791 §3.1: at
 * most 60 of IP; RFC 8200 §3: 40, and no extension headers are assumed). Others can have any length.
 */
function possibleLength({ tuple, tcpFlags = ["SYN"] }: PacketInput): Range {
  if (tuple.protocol !== "tcp" || !tcpFlags.includes("SYN")) return { first: 20, last: 65_535 };
  return tuple.source.address.includes(":") ? { first: 60, last: 100 } : { first: 40, last: 120 };
}

function bridgePortOf({ name, bridge, isBridge }: HostInterface): BridgePort | undefined {
  if (bridge !== undefined) return { name };
  return isBridge ? { name: undefined } : undefined;
}

function traceOf(
  { packet, steps, assumptions }: Walk,
  { disposition, reason, rule }: Ending,
  { tuple }: PacketInput,
): Omit<Trace, "probability"> {
  return {
    disposition,
    reason,
    rule,
    steps,
    first: tuple,
    final: packet.tuple,
    out: disposition === "forwarded" ? packet.out : undefined,
    mark: packet.mark,
    entry: confirmedEntry(disposition, packet.tracking),
    assumptions: [...assumptions].sort(),
  };
}

/** An entry is confirmed by the last hook; a dropped first packet leaves none behind. */
function confirmedEntry(disposition: Trace["disposition"], { state, entry }: Tracking) {
  const isThrough = disposition === "forwarded" || disposition === "delivered-locally";
  return isThrough && state !== "invalid" && state !== "untracked" ? entry : undefined;
}

function untoldTrace(tuple: PredictedTuple, probability: number): Trace {
  return {
    disposition: "unknown",
    reason: "more ways than the model follows",
    rule: undefined,
    steps: [],
    first: tuple,
    final: tuple,
    out: undefined,
    mark: 0,
    entry: undefined,
    probability,
    assumptions: [],
  };
}
