/**
 * Joins legs that show the same packets, by IP identification and payload: unambiguous in 40 of 40
 * datagrams (docs/lab-notes/what-survives-nat.md). Where another leg at the same place shows as many of them, and
 * where nothing identifies them, they only resemble each other.
 */
import type { Connection } from "#observed/flow/connection.js";
import type { Legs } from "./legs.js";
import { commonPackets, type Common } from "./common-packets.js";
import { NAMES } from "./evidence.js";
import { KNOWN } from "./handshakes.js";
import type { Candidate, Joining } from "./joining.js";
import { placeOf } from "./place.js";
import { isSameTuple } from "./tuple-match.js";

/** Joins what is named, and returns what only may be one. */
export function joinByPackets(joining: Joining): readonly Candidate[] {
  const { connections, handshakes, groups, conntrack } = joining;
  const legs: number[] = [];
  handshakes.known.forEach((known, leg) => {
    const isLeft = known === KNOWN.notTcp || (known === 0 && groups.isAlone(leg));
    if (isLeft) legs.push(leg);
  });
  const common = commonPackets(connections, legs).filter(
    ({ legs: [a, b] }) => !conntrack.keepsApart(a, b),
  );
  joinAtOnePlace(common, joining);
  const across = common.filter(({ legs: pair }) => !isAtOnePlace(pair, connections));
  const rivals = new Rivals(across, joining);
  const named = across.filter((one) => one.identified > 0 && rivals.isClear(one));
  // The more packets the surer: a contradiction is then of the weaker.
  const surest = named.toSorted((a, b) => b.packets - a.packets || compareLegs(a, b));
  for (const {
    legs: [a, b],
  } of surest) {
    if (!isApart(a, b, { joining, rivals })) groups.join(a, b, NAMES.packets);
  }
  return across
    .filter(({ legs: [a, b] }) => !groups.isJoined(a, b))
    .map(({ legs: pair, packets }) => ({ legs: pair, packets }));
}

const compareLegs = ({ legs: [a, b] }: Common, { legs: [c, d] }: Common): number => a - c || b - d;

function isAtOnePlace([a, b]: readonly [number, number], connections: Legs): boolean {
  const [one, other] = [connections.at(a), connections.at(b)];
  return one !== undefined && other !== undefined && placeOf(one) === placeOf(other);
}

/** Of a packet that passes one place twice, as a hairpin's. */
const WITHIN_NS = 1_000_000_000n;

/** A hairpin, a bridge: every packet of the one is also shown under another tuple, and at once. */
function joinAtOnePlace(common: readonly Common[], { connections, groups }: Joining): void {
  for (const { legs: pair, packets, identified } of common) {
    const [one, other] = [connections.at(pair[0]), connections.at(pair[1])];
    if (!one || !other || identified < packets || !isAtOnePlace(pair, connections)) continue;
    const apart = one.first < other.first ? other.first - one.first : one.first - other.first;
    if (apart <= WITHIN_NS && !isSameTuple(one, other)) groups.join(...pair, NAMES.packets);
  }
}

/** Who else at the place of the one shows the same packets of the other. */
class Rivals {
  readonly #byLeg = new Map<number, Common[]>();
  readonly #joining: Joining;

  constructor(common: readonly Common[], joining: Joining) {
    this.#joining = joining;
    for (const one of common) {
      for (const leg of one.legs) {
        const list = this.#byLeg.get(leg);
        if (list) list.push(one);
        else this.#byLeg.set(leg, [one]);
      }
    }
  }

  /** It shows more than twice as many of the packets as any other does. */
  isClear(one: Common): boolean {
    return [0, 1].every((side) => one.packets > 2 * this.#packetsOfRival(one, side as 0 | 1));
  }

  /** Packets that both show, 0 for none. */
  common(a: number, b: number): number {
    const found = this.#byLeg.get(a)?.find(({ legs }) => legs.includes(b));
    return found?.packets ?? 0;
  }

  #packetsOfRival(one: Common, side: 0 | 1): number {
    const { connections, groups } = this.#joining;
    const leg = one.legs[side];
    const partner = one.legs[1 - side] ?? leg;
    let most = 0;
    for (const other of this.#byLeg.get(leg) ?? []) {
      const at = other.legs[0] === leg ? 0 : 1;
      const rival = other.legs[1 - at] ?? leg;
      const isSamePacket = (other.masks[at] & one.masks[side]) !== 0;
      if (rival === partner || !isSamePacket || groups.isJoined(rival, partner)) continue;
      if (isAtOnePlace([rival, partner], connections)) most = Math.max(most, other.packets);
    }
    return most;
  }
}

/**
 * Joined, two legs of one place would be one conversation that do not show the same packets. A bridge
 * shows a conversation's requests under one tuple and its answers under another.
 */
function isApart(
  a: number,
  b: number,
  { joining: { connections, groups }, rivals }: { joining: Joining; rivals: Rivals },
): boolean {
  return groups.legsWith(a).some((leg) =>
    groups.legsWith(b).some((other) => {
      const [one, also] = [connections.at(leg), connections.at(other)];
      if (!one || !also || placeOf(one) !== placeOf(also)) return false;
      if (rivals.common(leg, other) > 0) return false;
      return !(isOneWay(one) && isOneWay(also));
    }),
  );
}

const isOneWay = ({ packets: [requests, replies] }: Connection): boolean =>
  requests === 0 || replies === 0;
