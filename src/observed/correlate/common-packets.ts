/**
 * Packets that two legs both show: what joins UDP, ICMP, and TCP from its middle. Each capture point keeps
 * the same few of a connection (`PacketSample`); where none were asked for, the first packet
 * with payload of each direction stands for them.
 */
import type { Connection } from "#observed/flow/connection.js";
import type { Legs } from "./legs.js";
import { formatEndpoint } from "#net/five-tuple.js";

/** Two legs and the packets that both show. */
export interface Common {
  readonly legs: readonly [number, number];
  /** Bits: which of each leg's own packets. Past the 30th they share bits. */
  readonly masks: readonly [number, number];
  readonly packets: number;
  /** Of these, how many have an IP identification: they are the same packets, and not like ones. */
  readonly identified: number;
}

/** Legs of one packet that are compared; more only within one end's. */
const MAX_ALIKE = 64;

/** Only legs of one protocol; those with a packet that contradicts are left out. */
export function commonPackets(connections: Legs, legs: readonly number[]): readonly Common[] {
  const byKey = new Map<string, Shown[]>();
  for (const leg of legs) {
    const connection = connections.at(leg);
    if (connection === undefined) continue;
    for (const shown of packetsOf(connection, leg)) {
      const list = byKey.get(shown.key);
      if (list) list.push(shown);
      else byKey.set(shown.key, [shown]);
    }
  }
  const pairs = new Map<string, Counted>();
  for (const list of byKey.values()) {
    for (const alike of comparable(list, connections)) countPairs(alike, pairs);
  }
  return [...pairs.values()].filter(({ isContradicted }) => !isContradicted);
}

interface Shown {
  readonly leg: number;
  readonly key: string;
  readonly bit: number;
  readonly payload: number | undefined;
  readonly isIdentified: boolean;
  readonly isRepeated: boolean;
}

const BITS = 30;

function packetsOf({ protocol, directions }: Connection, leg: number): readonly Shown[] {
  let at = 0;
  return directions.flatMap((direction): Shown[] => {
    const { samples, firstIpId = 0, firstPayloadHash, firstPayloadLength } = direction;
    const isIdentified = firstIpId > 0;
    if (samples === undefined) {
      if (firstPayloadHash === undefined) return [];
      const key = `${protocol} ${firstIpId} ${firstPayloadHash} ${firstPayloadLength}`;
      const bit = 1 << (at++ % BITS);
      return [{ leg, key, bit, payload: undefined, isIdentified, isRepeated: false }];
    }
    return samples.map(({ key, payload, isRepeated }) => ({
      leg,
      key: `${protocol} ${key}`,
      bit: 1 << (at++ % BITS),
      payload,
      isIdentified,
      isRepeated,
    }));
  });
}

/** A packet that very many show says little; what of them has one end in common may still be told. */
function comparable(list: readonly Shown[], connections: Legs): readonly (readonly Shown[])[] {
  if (list.length < 2) return [];
  if (list.length <= MAX_ALIKE) return [list];
  const byEnd = new Map<string, Shown[]>();
  for (const shown of list) {
    const connection = connections.at(shown.leg);
    for (const end of connection ? [connection.originator, connection.responder] : []) {
      const name = formatEndpoint(end);
      const found = byEnd.get(name);
      if (found) found.push(shown);
      else byEnd.set(name, [shown]);
    }
  }
  return [...byEnd.values()].filter(({ length }) => length > 1 && length <= MAX_ALIKE);
}

interface Counted {
  readonly legs: readonly [number, number];
  masks: [number, number];
  packets: number;
  identified: number;
  isContradicted: boolean;
}

function countPairs(list: readonly Shown[], pairs: Map<string, Counted>): void {
  list.forEach((one, at) => {
    for (const other of list.slice(at + 1)) {
      if (one.leg === other.leg) continue;
      const [a, b] = one.leg < other.leg ? [one, other] : [other, one];
      const name = `${a.leg} ${b.leg}`;
      const pair: Counted = pairs.get(name) ?? {
        legs: [a.leg, b.leg],
        masks: [0, 0],
        packets: 0,
        identified: 0,
        isContradicted: false,
      };
      pairs.set(name, pair);
      count(pair, a, b);
    }
  });
}

function count(pair: Counted, a: Shown, b: Shown): void {
  // Once for each packet, also where it is counted under both ends.
  if ((pair.masks[0] & a.bit) !== 0 && (pair.masks[1] & b.bit) !== 0) return;
  if (a.payload !== undefined && b.payload !== undefined && a.payload !== b.payload) {
    pair.isContradicted ||= !a.isRepeated && !b.isRepeated;
    return;
  }
  pair.masks = [pair.masks[0] | a.bit, pair.masks[1] | b.bit];
  pair.packets++;
  if (a.isIdentified && b.isIdentified) pair.identified++;
}
