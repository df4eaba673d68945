/**
 * Joins connections that are one conversation seen at several capture points. NAT rewrites
 * addresses and ports, so they are not asked: what survives it is TCP's initial sequence numbers
 * and SYN options, and for UDP the IP identification with the payload.
 */
import type { Connection, DirectionFacts } from "#observed/flow/connection.js";
import type { Journey } from "./journey.js";

interface Group {
  readonly connections: Connection[];
  readonly joinedBy: string;
}

export function joinConnections(connections: Iterable<Connection>): readonly Journey[] {
  const tcp: Connection[] = [];
  const udp: Connection[] = [];
  const others: Connection[] = [];
  for (const connection of connections) {
    listFor(connection, { tcp, udp, others }).push(connection);
  }
  const groups = [...joinTcp(tcp), ...joinUdp(udp), ...others.map(alone)];
  return groups
    .map(sortByTime)
    .sort((a, b) => compareFirst(a.connections[0], b.connections[0]))
    .map(({ connections: joined, joinedBy }, index) => ({
      id: `c${index + 1}`,
      protocol: joined[0]?.protocol ?? "",
      connections: joined,
      joinedBy: joined.length > 1 ? joinedBy : undefined,
    }));
}

function listFor(
  { protocol }: Connection,
  lists: { tcp: Connection[]; udp: Connection[]; others: Connection[] },
): Connection[] {
  if (protocol === "tcp") return lists.tcp;
  return protocol === "udp" ? lists.udp : lists.others;
}

const alone = (connection: Connection): Group => ({ connections: [connection], joinedBy: "" });

function sortByTime(group: Group): Group {
  return { ...group, connections: [...group.connections].sort(compareFirst) };
}

function compareFirst(a: Connection | undefined, b: Connection | undefined): number {
  if (!a || !b) return 0;
  if (a.first !== b.first) return a.first < b.first ? -1 : 1;
  return order(a) < order(b) ? -1 : 1;
}

function order({ point, originator, responder }: Connection): string {
  const { name, interface: port = "", direction = "" } = point;
  return [name, port, direction, originator.address, originator.port, responder.address].join(" ");
}

/**
 * A connection's pair of initial sequence numbers is its name: 200 of 200 concurrent connections
 * had their own, and no NAT rewrites them (docs/lab-notes/what-survives-nat.md). A capture of one
 * direction knows one of the two, which joins it when that leaves a single candidate.
 */
function joinTcp(connections: readonly Connection[]): Group[] {
  const byBoth = new Map<string, Connection[]>();
  const bySyn = new Map<string, Set<string>>();
  const byAnswer = new Map<string, Set<string>>();
  const halves: Connection[] = [];
  for (const connection of connections) {
    const [syn, answer] = connection.directions;
    const synIsn = syn.isn ?? syn.acknowledgedIsn;
    if (synIsn === undefined || answer.isn === undefined) {
      halves.push(connection);
      continue;
    }
    const key = `${synIsn} ${answer.isn}`;
    push(byBoth, key, connection);
    add(bySyn, `${synIsn}`, key);
    add(byAnswer, `${answer.isn}`, key);
  }

  const bySynAlone = new Map<string, Connection[]>();
  const midStream = halves.filter(isMidStream);
  const groups: Group[] = joinByFirstPayload(midStream);
  for (const connection of halves) {
    if (isMidStream(connection)) continue;
    const [syn, answer] = connection.directions;
    const candidates =
      syn.isn === undefined ? byAnswer.get(`${answer.isn}`) : bySyn.get(`${syn.isn}`);
    const [only] = candidates ?? [];
    if (only !== undefined && candidates?.size === 1) push(byBoth, only, connection);
    else if (syn.isn === undefined || candidates) groups.push(alone(connection));
    else push(bySynAlone, synKey(syn), connection);
  }
  const joined = [...byBoth.values(), ...bySynAlone.values()];
  const joinedBy = "TCP initial sequence numbers";
  return [...groups, ...joined.map((list) => ({ connections: list, joinedBy }))];
}

const isMidStream = ({ directions }: Connection): boolean =>
  directions.every(({ isn }) => isn === undefined);

/** Without the answer's number, a SYN option that NAT leaves alone has to agree as well. */
function synKey({ isn, windowScale }: DirectionFacts): string {
  return `${isn} ${windowScale ?? "none"}`;
}

/**
 * Payload alone is ambiguous as soon as two clients send the same bytes; with the IP identification
 * it was unique in 40 of 40 (docs/lab-notes/what-survives-nat.md). An identification of 0 is no
 * evidence, so such a datagram joins only where no point shows a second one like it.
 */
function joinUdp(connections: readonly Connection[]): Group[] {
  return joinByFirstPayload(connections);
}

function joinByFirstPayload(connections: readonly Connection[]): Group[] {
  const byKey = new Map<string, Connection[]>();
  const groups: Group[] = [];
  for (const connection of connections) {
    const [first] = connection.directions;
    if (first.firstPayloadHash === undefined) {
      groups.push(alone(connection));
      continue;
    }
    push(
      byKey,
      `${first.firstIpId} ${first.firstPayloadHash} ${first.firstPayloadLength}`,
      connection,
    );
  }
  for (const list of byKey.values()) {
    const isEvidence = (list[0]?.directions[0].firstIpId ?? 0) > 0 || isOncePerPoint(list);
    if (isEvidence) groups.push({ connections: list, joinedBy: "IP identification and payload" });
    else groups.push(...list.map(alone));
  }
  return groups;
}

function isOncePerPoint(connections: readonly Connection[]): boolean {
  const points = connections.map(
    ({ point }) => `${point.name} ${point.interface} ${point.direction}`,
  );
  return new Set(points).size === points.length;
}

function push<Value>(map: Map<string, Value[]>, key: string, value: Value): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}

function add(map: Map<string, Set<string>>, key: string, value: string): void {
  const set = map.get(key);
  if (set) set.add(value);
  else map.set(key, new Set([value]));
}
