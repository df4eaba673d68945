/**
 * Whether a capture could have shown a packet. Absence means something only at a point that was
 * recording at the time, that lost nothing itself, and of a connection that would be known again.
 */
import type { Journey } from "#observed/correlate/journey.js";
import { tcpdumpLine } from "#observed/coverage/tcpdump-line.js";
import type { EpochNs } from "#net/types.js";
import type { Point } from "./point.js";

/**
 * What a packet may take from one capture point to the next. A capture that ends sooner may have been
 * stopped, or its file cut, in between.
 */
const MAX_CROSSING_NS = 100_000_000n;

/** Why nothing that this point lacks is evidence about the connection; undefined where it may be. */
export function whyBlind(point: Point, journey: Journey): string | undefined {
  const { name, lost, withoutPorts } = point;
  if (point.first === undefined) return `${name} recorded nothing, so nothing shows that it ran`;
  if (isApart(point, journey)) {
    return `${name}'s clock cannot be held against the others, so that nothing shows whether it ran then`;
  }
  if (point.setBack !== undefined) {
    return `nothing shows when ${name} ran: ${point.setBack}`;
  }
  if (!wasRunning(point, journey)) {
    return `${name} recorded nothing before or after this connection`;
  }
  if (lost !== undefined) return `${name} lacks packets that passed it: ${lost}`;
  if (withoutPorts > 0) {
    return `${name} holds ${withoutPorts} packets cut before their ports, and this may be among them`;
  }
  if (!isNamed(journey)) {
    return `no capture shows the handshake, so what ${name} shows of it may not be joined`;
  }
  if (point.dropped !== 0 && isSingle(journey)) {
    return `only one packet of it was captured, and nothing shows that ${name} did not lose one`;
  }
  return undefined;
}

/** Nothing that this point shows ties its clock to those that the connection's times are by. */
function isApart({ apartFrom }: Point, { connections: [first] }: Journey): boolean {
  return first !== undefined && (apartFrom?.has(first.point.name) ?? false);
}

/** The capture that would decide, and how to take it so that absence counts. */
export function captureAgain(point: Point, journey: Journey): string {
  const tied = isApart(point, journey)
    ? ", and another connection that the other captures show too, which holds its clock"
    : "";
  return `a capture at ${point.name} that covers this connection${tied}: ${tcpdumpLine(point)}`;
}

/** It recorded something before the connection's first packet, and after it. */
export function wasRunning(point: Point, { connections: [first] }: Journey): boolean {
  if (!first || point.first === undefined) return false;
  return first.first >= point.first && wasRecordingAfter(point, first.first);
}

/** Long enough after it to show what became of it. */
export function wasRecordingAfter({ last }: Point, time: EpochNs): boolean {
  return last !== undefined && time + MAX_CROSSING_NS <= last;
}

/**
 * The numbers of a handshake name a connection at every point. One that is seen in mid-stream alone
 * may be a part of another, and whoever was seen first need not have dialled.
 */
export function isNamed({ connections }: Journey): boolean {
  return connections.some(
    ({ protocol, directions }) =>
      protocol !== "tcp" || directions.some(({ isn }) => isn !== undefined),
  );
}

/**
 * A SYN that nobody accepts has one number, and a scanner's have the same: another connection with it
 * may be this one, seen where this one is missed.
 */
export function mayBeOfOneScan(journey: Journey, other: Journey): boolean {
  if (journey.connections.some(({ directions }) => directions[1].isn !== undefined)) return false;
  const numbers = new Set(journey.connections.map(({ directions }) => directions[0].isn));
  return other.connections.some(
    ({ directions: [{ isn }] }) => isn !== undefined && numbers.has(isn),
  );
}

/** What would decide about a connection that is not named. */
export const HANDSHAKE_NEEDED =
  "captures that show its handshake: begun before it is dialled, without a filter, none dropped";

/** A kernel buffer that is full for a moment takes one packet with it, hardly every one of several. */
function isSingle({ connections }: Journey): boolean {
  return connections.every(({ packets, directions, icmpErrors }) => {
    const [sent, answered] = directions;
    return packets[0] + packets[1] - sent.copies - answered.copies <= 1 && icmpErrors.length === 0;
  });
}
