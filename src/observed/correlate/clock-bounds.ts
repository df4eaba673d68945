/**
 * What one conversation says of two clocks. A packet that crosses A and then B shows B's clock ahead
 * by the offset and its travel time, one that crosses B first by the offset less its travel time; so
 * a request and its reply hold the offset between them (NTP, RFC 5905 §8).
 */
import type { EpochNs } from "#net/types.js";
import type { Connection, DirectionFacts } from "#observed/flow/connection.js";
import { sharedPackets, type SharedPacket } from "./shared-packets.js";

/** The offset of B's clock from A's is at most, or at least, `ns` when A's shows `at`. */
export interface ClockBound {
  /** ns since the time that all of a run's bounds count from, by A's clock. */
  readonly at: number;
  readonly ns: number;
}

export interface ClockBounds {
  readonly uppers: readonly ClockBound[];
  readonly lowers: readonly ClockBound[];
  /** By packets of both directions; by one, which can only be late; or by one of unknown order. */
  readonly held: "both" | "from above" | "from below" | "loosely";
  /** Packets that both points have. */
  readonly pairs: number;
}

/**
 * Between two capture points. A packet that waits for an address to be resolved waits for three requests, a second apart (linux
 * net/ipv4/arp.c MAX_MCAST_SOLICIT, RETRANS_TIME); what takes longer is sent again by its sender.
 */
const MAX_TRAVEL_NS = 4e9;

/** Crystals are within 100 ppm; a clock that is being steered goes 500 ppm fast or slow (adjtimex(2)). */
export const MAX_DRIFT = 500e-6;

/**
 * Copies leave the path: a promiscuous bridge takes its own after its port has sent the packet (linux
 * net/bridge/br_input.c br_handle_frame_finish), up to 10 us later in the recorded cases. They may
 * not move a clock.
 */
export const STAMP_LAG_NS = 50_000;

export function clockBounds(pair: ConnectionPair, base: EpochNs): ClockBounds | undefined {
  const packets = sharedPackets(pair.a, pair.b).map((packet) => timed(packet, base));
  if (packets.length === 0) return undefined;
  const copies = copySlack(pair.a) + copySlack(pair.b);
  const routed = copies > 0 ? undefined : orderByTtl(packets, pair);
  const slack = STAMP_LAG_NS + copies;
  const bounds = oneWay(packets, routed ?? orderByTimes(packets)) ?? eitherWay(packets);
  return {
    ...bounds,
    uppers: movedBounds(bounds.uppers, slack),
    lowers: movedBounds(bounds.lowers, -slack),
    pairs: packets.length,
  };
}

export interface ConnectionPair {
  readonly a: Connection;
  readonly b: Connection;
}

interface TimedPacket extends ClockBound {
  readonly sides: SharedPacket["sides"];
}

function timed({ sides, times: [a, b] }: SharedPacket, base: EpochNs): TimedPacket {
  return { sides, at: Number(a - base), ns: Number(b - a) };
}

/** Which point a direction's packets cross first; undefined where nothing tells. */
type Order = "a" | "b" | undefined;
type Orders = readonly [request: Order, reply: Order];

type Held = Omit<ClockBounds, "pairs">;

/** Where it is known which point each packet came by first. */
function oneWay(packets: readonly TimedPacket[], orders: Orders): Held | undefined {
  const uppers = packets.filter(({ sides: [side] }) => orders[side] === "a");
  const lowers = packets.filter(({ sides: [side] }) => orders[side] === "b");
  if (uppers.length + lowers.length === 0) return undefined;
  if (lowers.length === 0) {
    return { uppers, lowers: movedBounds(uppers, -MAX_TRAVEL_NS), held: "from above" };
  }
  if (uppers.length === 0) {
    return { uppers: movedBounds(lowers, MAX_TRAVEL_NS), lowers, held: "from below" };
  }
  return { uppers, lowers, held: "both" };
}

export function movedBounds(bounds: readonly ClockBound[], byNs: number): readonly ClockBound[] {
  return bounds.map(({ at, ns }) => ({ at, ns: ns + byNs }));
}

/** Between a request and the reply next to it, whichever point is first; or near a single packet. */
function eitherWay(packets: readonly TimedPacket[]): Held {
  const turns = turnsOf(packets);
  if (turns.length === 0) {
    const [uppers, lowers] = [
      movedBounds(packets, MAX_TRAVEL_NS),
      movedBounds(packets, -MAX_TRAVEL_NS),
    ];
    return { uppers, lowers, held: "loosely" };
  }
  return {
    uppers: turns.map((turn) => ({
      at: turn.at,
      ns: Math.max(turn.request, turn.reply) + turn.drift,
    })),
    lowers: turns.map((turn) => ({
      at: turn.at,
      ns: Math.min(turn.request, turn.reply) - turn.drift,
    })),
    held: "both",
  };
}

/** A packet and the next one the other way. */
interface Turn {
  readonly at: number;
  /** B's time of each less A's. */
  readonly request: number;
  readonly reply: number;
  /** What the clocks may have drifted in between. */
  readonly drift: number;
}

function turnsOf(packets: readonly TimedPacket[]): readonly Turn[] {
  return packets.slice(1).flatMap((packet, index) => {
    const before = packets[index];
    if (!before || before.sides[0] === packet.sides[0]) return [];
    const [request, reply] = packet.sides[0] === 1 ? [before, packet] : [packet, before];
    const drift = Math.abs(packet.at - before.at) * MAX_DRIFT;
    return [{ at: before.at, request: request.ns, reply: reply.ns, drift }];
  });
}

/** Every router lowers the TTL. What a bridge copies may come by one point twice, and not turn back. */
function orderByTtl(packets: readonly TimedPacket[], { a, b }: ConnectionPair): Orders | undefined {
  const isTurned = packets.some(({ sides: [atA, atB] }) => atA !== atB);
  const [request, reply] = ([0, 1] as const).map((side) =>
    byTtl(a.directions[side], b.directions[isTurned === (side === 0) ? 1 : 0]),
  );
  const isToldOf = (side: number): boolean => (side === 0 ? request : reply) !== undefined;
  return packets.every(({ sides: [side] }) => isToldOf(side)) ? [request, reply] : undefined;
}

function byTtl(a: DirectionFacts, b: DirectionFacts): Order {
  if (!a.ttl || !b.ttl || a.ttl.min !== a.ttl.max || b.ttl.min !== b.ttl.max) return undefined;
  if (a.ttl.max === b.ttl.max) return undefined;
  return a.ttl.max > b.ttl.max ? "a" : "b";
}

const turned = (order: Order): Order => order && (order === "a" ? "b" : "a");

/**
 * By A's clock and B's, requests take longer from A to B than replies do where A comes first for
 * them. What is less than the clocks may drift says nothing.
 */
function orderByTimes(packets: readonly TimedPacket[]): Orders {
  const votes = new Set(
    turnsOf(packets)
      .filter(({ request, reply, drift }) => Math.abs(request - reply) > drift)
      .map(({ request, reply }) => (request > reply ? "a" : "b")),
  );
  const [only] = votes;
  const first = votes.size === 1 ? only : undefined;
  return [first, turned(first)];
}

/**
 * A point that shows a packet several times, as a capture of all interfaces without their names,
 * shows its first. The others come before the answer does.
 */
function copySlack({ directions: [request, reply] }: Connection): number {
  if (request.copies + reply.copies === 0) return 0;
  if (request.first === undefined || reply.first === undefined) return MAX_TRAVEL_NS;
  return Math.abs(Number(reply.first - request.first));
}
