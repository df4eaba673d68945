/**
 * TCP connections of which a capture knows one initial sequence number: one direction was captured, the
 * answer was lost, or none came.
 */
import type { Legs } from "./legs.js";
import { synsContradict } from "./contradiction.js";
import { NAMES } from "./evidence.js";
import { KNOWN, type Handshakes } from "./handshakes.js";
import { MAX_CANDIDATES, type Candidate, type Joining } from "./joining.js";
import { placeOf } from "./place.js";

/** Joins what is named, and returns what only may be one. */
export function joinHalfSeen(joining: Joining): readonly Candidate[] {
  const { handshakes } = joining;
  const halves = halvesOf(handshakes);
  if (halves.length === 0) return [];
  const bySyn = conversationsBy("syn", joining, halves);
  const byAnswer = conversationsBy("answer", joining, halves);
  const scanned = scannedNumbers(halves, joining);
  const open: Candidate[] = [];
  const unanswered: number[] = [];
  for (const leg of halves) {
    const isSyn = handshakes.known[leg] === KNOWN.syn;
    const isScanned = isSyn && scanned.has(handshakes.syn[leg] ?? 0);
    const found = isSyn
      ? bySyn.get(handshakes.syn[leg] ?? 0)
      : byAnswer.get(handshakes.answer[leg] ?? 0);
    if (found !== undefined && !isScanned) open.push(...joinToOneOf([...found], leg, joining));
    else if (isSyn) unanswered.push(leg);
  }
  return [...open, ...joinUnanswered(unanswered, joining)];
}

function halvesOf({ known }: Handshakes): number[] {
  const halves: number[] = [];
  known.forEach((bits, leg) => {
    if (bits === KNOWN.syn || bits === KNOWN.answer) halves.push(leg);
  });
  return halves;
}

/** A leg of each conversation that has both numbers, by the one that a half knows. */
function conversationsBy(
  number: "syn" | "answer",
  { handshakes, groups }: Joining,
  halves: readonly number[],
): ReadonlyMap<number, ReadonlySet<number>> {
  const column = handshakes[number];
  const asked = new Set(
    halves.filter((leg) => handshakes.known[leg] === KNOWN[number]).map((leg) => column[leg] ?? 0),
  );
  const found = new Map<number, Set<number>>();
  if (asked.size === 0) return found;
  handshakes.known.forEach((bits, leg) => {
    const value = column[leg] ?? 0;
    if (bits !== KNOWN.both || !asked.has(value)) return;
    const conversations = found.get(value) ?? new Set();
    if (conversations.size <= MAX_CANDIDATES) conversations.add(groups.rootOf(leg));
    found.set(value, conversations);
  });
  return found;
}

function joinToOneOf(
  conversations: readonly number[],
  leg: number,
  joining: Joining,
): readonly Candidate[] {
  if (conversations.length > MAX_CANDIDATES) return [];
  const { groups } = joining;
  const possible = conversations.filter((root) => mayBeOf(root, leg, joining));
  const near = possible.length < 2 ? possible : nearest(possible, leg, joining);
  const [only] = near;
  if (only !== undefined && near.length === 1) {
    groups.join(only, leg, NAMES.oneNumber);
    return [];
  }
  return near.map((root) => ({ legs: [root, leg], packets: 1, isOneOfThese: true }));
}

function mayBeOf(root: number, leg: number, joining: Joining): boolean {
  const { connections, groups, conntrack, handshakes } = joining;
  const own = connections.at(leg);
  if (own === undefined) return false;
  return groups.legsWith(root).every((other) => {
    const connection = connections.at(other);
    if (connection === undefined || conntrack.keepsApart(leg, other)) return false;
    return handshakes.known[leg] === KNOWN.answer || !synsContradict(own, connection);
  });
}

/** Those whose sequence numbers go through the same ranges; all, where that is not known. */
function nearest(
  roots: readonly number[],
  leg: number,
  { ranges, groups }: Joining,
): readonly number[] {
  const meeting = new Set(ranges.meeting(leg).map((other) => groups.rootOf(other)));
  const near = roots.filter((root) => meeting.has(groups.rootOf(root)));
  return near.length === 0 ? roots : near;
}

/** A SYN and its options name a conversation, unless one place shows several: a scan with one number. */
function joinUnanswered(legs: readonly number[], joining: Joining): readonly Candidate[] {
  const { connections, handshakes, groups } = joining;
  const alike = groupBy(legs, (leg) => {
    const facts = connections.at(leg)?.directions[0];
    return `${handshakes.syn[leg]} ${facts?.windowScale ?? "none"} ${facts?.mss ?? "none"}`;
  });
  const open: Candidate[] = [];
  for (const list of alike.values()) {
    if (isOncePerPlace(list, connections)) joinAll(list, joining, NAMES.oneNumber);
    else open.push(...joinBySyn(list, joining));
  }
  return open.filter(({ legs: [a, b] }) => !groups.isJoined(a, b));
}

/** Tuples of one conversation at one place: a bridge and NAT of both ends make no more. */
const MAX_TUPLES = 4;

function joinBySyn(list: readonly number[], joining: Joining): readonly Candidate[] {
  const { connections } = joining;
  // Of a scan too the same SYN with the same addresses and ports is the same one.
  for (const legs of groupBy(list, (leg) => tupleOf(leg, connections)).values()) {
    if (isOncePerPlace(legs, connections)) joinAll(legs, joining, NAMES.sameSyn);
  }
  const byId = groupBy(
    list,
    (leg) => `${Math.max(connections.at(leg)?.directions[0].firstIpId ?? 0, 0)}`,
  );
  for (const [id, legs] of byId) {
    const isOne =
      id !== "0" &&
      mostAtOnePlace(legs, connections) <= MAX_TUPLES &&
      !isScanAtOnePlace(legs, joining);
    if (isOne) joinAll(legs, joining, NAMES.sameSyn);
  }
  if (list.length > MAX_CANDIDATES) return [];
  return list.flatMap((a, at) =>
    list.slice(at + 1).flatMap((b): Candidate[] => {
      const [one, other] = [connections.at(a), connections.at(b)];
      if (!one || !other || placeOf(one) === placeOf(other) || synsContradict(one, other))
        return [];
      return [{ legs: [a, b], packets: 1 }];
    }),
  );
}

function tupleOf(leg: number, connections: Legs): string {
  const connection = connections.at(leg);
  if (connection === undefined) return `${leg}`;
  const { originator, responder, directions } = connection;
  return JSON.stringify([originator, responder, directions[0].firstIpId]);
}

/** Numbers of SYNs that one place shows in several conversations, as far as halves have them. */
function scannedNumbers(
  halves: readonly number[],
  { handshakes, connections, groups }: Joining,
): ReadonlySet<number> {
  const asked = new Map<number, number[]>();
  for (const leg of halves) {
    if (handshakes.known[leg] === KNOWN.syn) asked.set(handshakes.syn[leg] ?? 0, []);
  }
  if (asked.size > 0) {
    handshakes.known.forEach((bits, leg) => {
      const isTold = bits === KNOWN.syn || bits === KNOWN.both;
      if (isTold) asked.get(handshakes.syn[leg] ?? 0)?.push(leg);
    });
  }
  const scanned = [...asked].filter(([, legs]) => isScanAtOnePlace(legs, { connections, groups }));
  return new Set(scanned.map(([syn]) => syn));
}

/**
 * Scanners send every SYN with one number and one identification (ZMap: 54321). At one place several
 * between the same two addresses, none nearer than the others, are as many conversations: NAT changes
 * an address too, or routing has taken a TTL.
 */
function isScanAtOnePlace(
  legs: readonly number[],
  { connections, groups }: Pick<Joining, "connections" | "groups">,
): boolean {
  const known = new Map<string, number>();
  return legs.some((leg) => {
    const connection = connections.at(leg);
    if (connection === undefined) return false;
    const { originator, responder, directions } = connection;
    const addresses = `${originator.address} ${responder.address}`;
    const key = `${placeOf(connection)} ${addresses} ${directions[0].ttl?.max}`;
    const other = known.get(key);
    known.set(key, leg);
    return other !== undefined && !groups.isJoined(other, leg);
  });
}

function joinAll(
  legs: readonly number[],
  { groups, conntrack }: Joining,
  evidence: typeof NAMES.oneNumber | typeof NAMES.sameSyn,
): void {
  const [first, ...others] = legs;
  if (first === undefined) return;
  for (const leg of others) {
    if (!conntrack.keepsApart(first, leg)) groups.join(first, leg, evidence);
  }
}

const isOncePerPlace = (legs: readonly number[], connections: Legs): boolean =>
  mostAtOnePlace(legs, connections) <= 1;

function mostAtOnePlace(legs: readonly number[], connections: Legs): number {
  const counts = new Map<string, number>();
  for (const leg of legs) {
    const connection = connections.at(leg);
    if (connection === undefined) continue;
    const place = placeOf(connection);
    counts.set(place, (counts.get(place) ?? 0) + 1);
  }
  return Math.max(0, ...counts.values());
}

function groupBy(
  legs: readonly number[],
  keyOf: (leg: number) => string,
): ReadonlyMap<string, number[]> {
  const groups = new Map<string, number[]>();
  for (const leg of legs) {
    const key = keyOf(leg);
    const list = groups.get(key);
    if (list) list.push(leg);
    else groups.set(key, [leg]);
  }
  return groups;
}
