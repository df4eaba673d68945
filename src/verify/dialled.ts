/**
 * What conntrack says was dialled. A node's own process is translated before its packet reaches any
 * interface, so that no capture has the address; the entry's original tuple does.
 */
import { isLoopback } from "#net/address.js";
import { formatTuple, sameEndpoint, type FiveTuple } from "#net/five-tuple.js";
import type { ConntrackEntry } from "#observed/conntrack/conntrack-entry.js";
import {
  indexConntrack,
  type ConntrackFlow,
  type ConntrackIndex,
} from "#observed/conntrack/conntrack-index.js";
import type { Journey } from "#observed/correlate/journey.js";
import type { Point } from "./point.js";
import { flowsOf, type SeenFlow } from "./replay/seen-flow.js";

/** The nodes' conntrack, for the conversations of one run. */
export interface ConntrackOfRun {
  readonly index: ConntrackIndex;
  /** Tuples that several conversations had at one capture point: an entry is of the last at most. */
  readonly reused: ReadonlySet<string>;
}

export interface Dialled {
  /** As the first node has it. */
  readonly entry: ConntrackEntry;
  /** False where a node in front, whose table was not given, may have rewritten who dialled. */
  readonly isSourceKnown: boolean;
}

/** Why there is no telling, as a clause about the tables. */
export interface NotDialled {
  readonly reason: string;
}

export function conntrackOfRun(
  entries: readonly ConntrackEntry[],
  {
    journeys,
    points,
  }: { readonly journeys: readonly Journey[]; readonly points: ReadonlyMap<string, Point> },
): ConntrackOfRun {
  const seen = new Set<string>();
  const reused = new Set<string>();
  for (const journey of journeys) {
    const own = new Set(flowsOf(journey, points).map(placeAndTuple));
    for (const key of own) (seen.has(key) ? reused : seen).add(key);
  }
  return { index: indexConntrack(entries), reused };
}

const placeAndTuple = ({ point, tuple }: Pick<SeenFlow, "point" | "tuple">): string =>
  `${point.key} ${tuple.protocol} ${formatTuple(tuple)}`;

/**
 * Where the first packet of an entry came from: the node itself and its pods; another node, which
 * may have masqueraded what it sends; or nobody of the cluster.
 */
export type Sender = "own" | "other node's" | "outside";

export interface Asked {
  readonly flows: readonly Pick<SeenFlow, "point" | "tuple" | "isTunnelled">[];
  readonly senderOf: (entry: ConntrackEntry) => Sender;
}

export function dialledBy(
  { index, reused }: ConntrackOfRun,
  { flows, senderOf }: Asked,
): Dialled | NotDialled {
  const plain = flows.filter(({ isTunnelled }) => !isTunnelled);
  if (plain.some((flow) => reused.has(placeAndTuple(flow)))) {
    return { reason: "has one entry for several connections with these addresses and ports" };
  }
  const found = plain.map(({ tuple }) => index.flowsOf(tuple)).filter(({ length }) => length > 0);
  const [first] = found;
  if (first === undefined) return { reason: "has no entry of this connection, or no longer" };
  const [only, ...others] = first.filter((flow) => found.every((list) => list.includes(flow)));
  if (only === undefined || others.length > 0) {
    return { reason: "has several entries that this connection may be of" };
  }
  return originOf(only, senderOf);
}

/** The entry of the node that got the packet first. */
function originOf({ entries }: ConntrackFlow, senderOf: Asked["senderOf"]): Dialled | NotDialled {
  const origins = entries.filter(({ node, original }) => {
    const isPassedOn = (by: ConntrackEntry): boolean =>
      by.node !== node && isTranslating(by) && isSame(original, outgoing(by));
    return !entries.some(isPassedOn);
  });
  const [entry] = origins;
  if (!entry || !origins.every(({ original }) => isSame(original, entry.original))) {
    return { reason: "has entries that do not lead from one to the next" };
  }
  const sender = isLoopback(entry.original.source.address) ? "own" : senderOf(entry);
  if (sender === "own" || translatesDestination(entry)) {
    return { entry, isSourceKnown: sender !== "other node's" };
  }
  return { reason: `${citation(entry)} shows what may be translated already by another node` };
}

function isTranslating(entry: ConntrackEntry): boolean {
  return !isSame(entry.original, outgoing(entry));
}

/** Nobody translates twice: a destination that this node rewrites is what was dialled. */
function translatesDestination({ original, reply }: ConntrackEntry): boolean {
  return !sameEndpoint(original.destination, reply.source);
}

/** As the node sends it on. */
function outgoing({ reply }: ConntrackEntry): FiveTuple {
  return { protocol: reply.protocol, source: reply.destination, destination: reply.source };
}

const isSame = (a: FiveTuple, b: FiveTuple): boolean =>
  a.protocol === b.protocol &&
  sameEndpoint(a.source, b.source) &&
  sameEndpoint(a.destination, b.destination);

/** `10.20.32.204:41002 > 10.96.0.10:80 (node1.conntrack.txt:2)`. */
export function describeDialled({ entry }: Dialled): string {
  return `${formatTuple(entry.original)} (${citation(entry)})`;
}

function citation({ file, line }: ConntrackEntry): string {
  return `${file}:${line}`;
}
