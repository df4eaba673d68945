/** Single packets that two capture points show of one conversation, told by what no hop rewrites. */
import { epochNs, type EpochNs } from "#net/types.js";
import type { Connection, DirectionFacts } from "#observed/flow/connection.js";

export interface SharedPacket {
  /** Which way it went, as each of the two connections counts its directions. */
  readonly sides: readonly [0 | 1, 0 | 1];
  /** When each of the two points had it, by its own clock. */
  readonly times: readonly [EpochNs, EpochNs];
}

/** In the order of A's times. A packet may come twice: as the first of its direction, and picked. */
export function sharedPackets(a: Connection, b: Connection): readonly SharedPacket[] {
  const packets = [...sharedFirsts(a, b), ...sharedPayloads(a, b), ...sharedSamples(a, b)];
  return packets.sort((one, other) => Number(one.times[0] - other.times[0]));
}

function sharedFirsts(a: Connection, b: Connection): readonly SharedPacket[] {
  return ([0, 1] as const).flatMap((side) =>
    isOnePacket(a.directions[side], b.directions[side])
      ? shared([side, side], firstTime(a, side), firstTime(b, side))
      : [],
  );
}

/**
 * A repeated SYN has an identification of its own. A SYN-ACK has none (linux ip_select_ident_segs),
 * nor has IPv6: there each point may have missed another of two, so that it must have seen one.
 */
function isOnePacket(a: DirectionFacts, b: DirectionFacts): boolean {
  if (a.firstIpId !== b.firstIpId || a.isn !== b.isn) return false;
  const isNamed = a.firstIpId !== undefined && a.firstIpId > 0;
  const isOneSyn = a.isn !== undefined && a.syns === 1 && b.syns === 1;
  return isNamed ? a.firstPayloadHash === b.firstPayloadHash : isOneSyn;
}

/** Of a TCP conversation whose beginning both have, and in which nothing was sent again. */
function sharedPayloads(a: Connection, b: Connection): readonly SharedPacket[] {
  return ([0, 1] as const).flatMap((side) => {
    const [one, other] = [a.directions[side], b.directions[side]];
    return isOnePayload(one, other)
      ? shared([side, side], one.firstPayload, other.firstPayload)
      : [];
  });
}

function isOnePayload(a: DirectionFacts, b: DirectionFacts): boolean {
  return (
    a.isn !== undefined &&
    a.isn === b.isn &&
    a.retransmissions + b.retransmissions === 0 &&
    a.firstPayloadHash !== undefined &&
    a.firstPayloadHash === b.firstPayloadHash &&
    a.firstPayloadLength === b.firstPayloadLength
  );
}

function firstTime(
  { first, directions, packetNumbers }: Connection,
  side: 0 | 1,
): EpochNs | undefined {
  const own = side === 0 ? packetNumbers.originatorFirst : packetNumbers.responderFirst;
  const earliest = packetNumbers.first;
  const isEarliest = own?.file === earliest.file && own.packet === earliest.packet;
  return directions[side].first ?? (isEarliest ? first : undefined);
}

function shared(
  sides: SharedPacket["sides"],
  a: EpochNs | undefined,
  b: EpochNs | undefined,
): readonly SharedPacket[] {
  return a === undefined || b === undefined ? [] : [{ sides, times: [a, b] }];
}

interface Sampled {
  readonly payload: number | undefined;
  readonly time: EpochNs;
}

/** Without a handshake each point may have taken another end for the originator. */
function sharedSamples(a: Connection, b: Connection): readonly SharedPacket[] {
  // As most have none: two sequence numbers name them.
  if (!hasSamples(a) || !hasSamples(b)) return [];
  const atB = [samplesOf(b, 0), samplesOf(b, 1)] as const;
  return SIDES.flatMap(([sideA, sideB]) =>
    [...samplesOf(a, sideA)].flatMap(([key, { payload, time }]) => {
      const same = atB[sideB].get(key);
      return same && isAlike(payload, same.payload) ? shared([sideA, sideB], time, same.time) : [];
    }),
  );
}

const hasSamples = ({ directions }: Connection): boolean =>
  directions.some(({ samples }) => samples !== undefined && samples.length > 0);

const SIDES = [
  [0, 0],
  [1, 1],
  [0, 1],
  [1, 0],
] as const;

/** A capture that was cut short does not hold every payload. */
function isAlike(a: number | undefined, b: number | undefined): boolean {
  return a === undefined || b === undefined || a === b;
}

function samplesOf({ directions, first }: Connection, side: 0 | 1): ReadonlyMap<number, Sampled> {
  const samples = directions[side].samples ?? [];
  return new Map(
    samples
      .filter(({ isRepeated }) => !isRepeated)
      .map(({ key, payload, sinceFirst }) => [
        key,
        { payload, time: epochNs(first + BigInt(Math.round(sinceFirst))) },
      ]),
  );
}
