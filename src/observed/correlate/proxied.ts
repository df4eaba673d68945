/**
 * Two connections of one request: a proxy ends the first and dials the second, which has sequence
 * numbers of its own, so that no NAT joins them. What shows it is what was sent: the same bytes, or a client that
 * the second names; when each began, in a file that has both; and where the one ends and the other begins.
 */
import type { Connection } from "#observed/flow/connection.js";
import { assign } from "./assignment.js";
import { commonOffset, isWithin } from "./common-offset.js";
import { CLEAR_BY } from "./evidence.js";
import type { Journey } from "./journey.js";

export interface ProxiedPair {
  /** What the proxy took, and what it dialled for it. */
  readonly first: Journey;
  readonly second: Journey;
  /** What shows it, as a report says it. */
  readonly evidence: readonly string[];
  /** 0 to 1. */
  readonly score: number;
  /** Of the best other candidate of either. */
  readonly runnerUp: number;
}

/** Whether the first ends on the machine that the second begins on; undefined where nobody knows. */
export type IsOneHost = (pair: Pick<ProxiedPair, "first" | "second">) => boolean | undefined;

/** What each adds to the score; none of them is enough. */
const WEIGHTS = {
  client: 0.35,
  request: 0.2,
  reply: 0.2,
  time: 0.15,
  order: 0.15,
  host: 0.1,
} as const;

/** The same request alone is chance, and so is a client's name: others ask the same, and ask again. */
const ENOUGH = 0.45;

/** Journeys that are compared with each other because they sent the same, or name the same client. */
const MAX_ALIKE = 128;

/** Paired off one to one; those that several fit about as well are left out. */
export function proxiedPairs(
  journeys: readonly Journey[],
  isOneHost: IsOneHost,
): readonly ProxiedPair[] {
  const streams = journeys.filter(({ protocol }) => protocol === "tcp").map(streamOf);
  const found = candidatesOf(streams).flatMap(([a, b]) => {
    const [first, second] = [streams[a], streams[b]];
    const edge = first && second ? weigh({ first, second }, isOneHost) : undefined;
    return edge && edge.score >= ENOUGH - EPSILON ? [{ a, b, ...edge }] : [];
  });
  const weighed = withTimes(found);
  const best = new Set(assign(weighed));
  return weighed.flatMap((edge) => {
    const runnerUp = weighed.reduce(
      (most, other) =>
        other !== edge && (other.a === edge.a || other.b === edge.b)
          ? Math.max(most, other.score)
          : most,
      0,
    );
    const { first, second, evidence, score } = edge;
    const isClear = best.has(edge) && score - runnerUp >= CLEAR_BY - EPSILON;
    return isClear
      ? [{ first, second, evidence, score: rounded(score), runnerUp: rounded(runnerUp) }]
      : [];
  });
}

const BEGINS = "it begins while the first is open";

/** Of sums of a few decimals. */
const EPSILON = 1e-9;

const rounded = (score: number): number => Math.round(score * 100) / 100;

/** What was sent over a connection, put together from all that saw it. */
interface Stream {
  readonly journey: Journey;
  readonly request: Sent;
  readonly reply: Sent;
  readonly forwarded: Connection["forwarded"];
}

interface Sent {
  /** Of the first packet with payload; undefined where none was seen. */
  readonly hash: number | undefined;
  readonly length: number;
  /** In all. */
  readonly bytes: number;
}

function streamOf(journey: Journey): Stream {
  const { connections } = journey;
  return {
    journey,
    request: sent(connections, 0),
    reply: sent(connections, 1),
    forwarded: connections.find(({ forwarded }) => forwarded)?.forwarded,
  };
}

function sent(connections: readonly Connection[], side: 0 | 1): Sent {
  const facts = connections
    .map(({ directions }) => directions[side])
    .find(({ firstPayloadHash }) => firstPayloadHash !== undefined);
  return {
    hash: facts?.firstPayloadHash,
    length: facts?.firstPayloadLength ?? 0,
    bytes: Math.max(0, ...connections.map(({ payloadBytes }) => payloadBytes[side])),
  };
}

/** The first's number in the list before the second's. */
function candidatesOf(streams: readonly Stream[]): readonly (readonly [number, number])[] {
  const alike = new Map<string, number[]>();
  streams.forEach((stream, at) => {
    for (const key of keysOf(stream)) {
      const list = alike.get(key);
      if (list) list.push(at);
      else alike.set(key, [at]);
    }
  });
  const pairs = new Map<string, readonly [number, number]>();
  for (const list of alike.values()) {
    if (list.length > MAX_ALIKE) continue;
    for (const a of list) {
      for (const b of list) if (a !== b) pairs.set(`${a} ${b}`, [a, b]);
    }
  }
  return [...pairs.values()];
}

function keysOf({ journey, request, reply, forwarded }: Stream): ReadonlySet<string> {
  const clients = new Set(journey.connections.map(({ originator }) => originator.address));
  return new Set([
    ...(request.hash === undefined ? [] : [`request ${request.hash} ${request.bytes}`]),
    ...(reply.hash === undefined ? [] : [`reply ${reply.hash} ${reply.bytes}`]),
    ...(forwarded === undefined ? [] : [`client ${forwarded.address}`]),
    ...[...clients].map((address) => `client ${address}`),
  ]);
}

interface Candidates {
  readonly first: Stream;
  readonly second: Stream;
}

interface Weighed {
  readonly first: Journey;
  readonly second: Journey;
  readonly score: number;
  readonly evidence: readonly string[];
}

/** Undefined for what contradicts. */
function weigh({ first, second }: Candidates, isOneHost: IsOneHost): Weighed | undefined {
  const pair = { first: first.journey, second: second.journey };
  const isHere = isOneHost(pair);
  const time = timesOf(pair);
  const client = clientOf({ first, second });
  if (isHere === false || time === "apart" || client === "another") return undefined;
  // Who asks the same of the same machine is no proxy, but a second client.
  if (isHere === undefined && client === undefined) return undefined;
  const requests = isSame(first.request, second.request);
  const replies = isSame(first.reply, second.reply);
  // A proxy that names no client passes on what it gets, as it is.
  if (
    client === undefined &&
    (isOther(first.request, second.request) || isOther(first.reply, second.reply))
  ) {
    return undefined;
  }
  if (!requests && !replies && client === undefined) return undefined;
  const score =
    (client === undefined ? 0 : WEIGHTS.client) +
    (requests ? WEIGHTS.request : 0) +
    (replies ? WEIGHTS.reply : 0) +
    (time === undefined ? 0 : WEIGHTS.time) +
    (isHere === undefined ? 0 : WEIGHTS.host);
  const evidence = [...bytesOf({ requests, replies }), client, time].filter(
    (one) => one !== undefined,
  );
  return { ...pair, score, evidence };
}

const isSame = (a: Sent, b: Sent): boolean =>
  a.hash !== undefined && a.hash === b.hash && a.length === b.length && a.bytes === b.bytes;

/** Both were seen, and they are not the same. */
const isOther = (a: Sent, b: Sent): boolean =>
  a.hash !== undefined && b.hash !== undefined && !isSame(a, b);

function bytesOf({ requests, replies }: { requests: boolean; replies: boolean }): string[] {
  if (requests && replies) return ["the same bytes both ways"];
  if (requests) return ["the same bytes from the client"];
  return replies ? ["the same bytes from the server"] : [];
}

/** What the second names a client by; `another` where the first is not that client's. */
function clientOf({ first, second }: Candidates): string | undefined {
  const { forwarded } = second;
  if (forwarded === undefined) return undefined;
  const { by, address } = forwarded;
  const isIt = first.journey.connections.some(({ originator }) => originator.address === address);
  return isIt ? `${by} names ${address}` : "another";
}

/**
 * Where one capture shows the first and another the second, their clocks may differ by anything; but most pairs
 * agree by what. Only where time says nothing better.
 */
function withTimes<Edge extends Weighed>(edges: readonly Edge[]): readonly Edge[] {
  const byPoints = new Map<string, { readonly edge: Edge; readonly offset: number }[]>();
  for (const edge of edges) {
    if (edge.evidence.some((one) => one.startsWith(BEGINS))) continue;
    for (const one of edge.first.connections) {
      for (const other of edge.second.connections) {
        const points = `${one.point.name}\n${other.point.name}`;
        const pair = { edge, offset: Number(other.first - one.first) };
        const list = byPoints.get(points);
        if (list) list.push(pair);
        else byPoints.set(points, [pair]);
      }
    }
  }
  const timely = new Set<Edge>();
  for (const pairs of byPoints.values()) {
    const window = commonOffset(pairs.map(({ offset }) => offset));
    if (window === undefined) continue;
    for (const { edge, offset } of pairs) if (isWithin(window, offset)) timely.add(edge);
  }
  return edges.map((edge) =>
    timely.has(edge)
      ? {
          ...edge,
          score: edge.score + WEIGHTS.order,
          evidence: [...edge.evidence, "it begins as long after the first as others do"],
        }
      : edge,
  );
}

/**
 * In a capture that shows both: whether the second begins while the first is open. Between captures no times
 * are compared: their clocks may differ.
 */
function timesOf({ first, second }: Pick<ProxiedPair, "first" | "second">): string | undefined {
  for (const one of first.connections) {
    for (const other of second.connections) {
      if (one.point.name !== other.point.name) continue;
      const isMeanwhile = other.first >= one.first && other.first <= one.last;
      return isMeanwhile ? `${BEGINS} (${one.point.name})` : "apart";
    }
  }
  return undefined;
}
