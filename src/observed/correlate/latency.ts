/** How long a conversation's packets take from one capture point to the next, and where it waited. */
import type { EpochNs } from "#net/types.js";
import type { Connection } from "#observed/flow/connection.js";
import type { Clocks } from "./clocks.js";
import { sharedPackets } from "./shared-packets.js";

/** One direction of a conversation at one capture point. */
export interface Passage {
  /** What reports call the place. */
  readonly at: string;
  /** In the reference's time. */
  readonly connection: Connection;
  /** Which of the connection's directions it is. */
  readonly side: 0 | 1;
}

/** Both directions, each in the order of its path. */
export interface Passages {
  readonly requests: readonly Passage[];
  readonly replies: readonly Passage[];
}

export interface HopLatency {
  readonly direction: "request" | "reply";
  readonly from: string;
  readonly to: string;
  /** Packets that both have. */
  readonly packets: number;
  /** Negative where the clocks are not known well enough. */
  readonly medianNs: number;
  readonly minNs: number;
  readonly maxNs: number;
  /** What is added to each by the clocks; 0 on one host, undefined where nothing tells. */
  readonly uncertaintyNs: number | undefined;
}

export interface Wait {
  /**
   * `path`: one packet, between two points; `handshake`: what comes of a SYN that had to be sent
   * again, between two points; `server`: from what is asked to what is answered, SYN or first payload,
   * at the point nearest to it.
   */
  readonly kind: "path" | "handshake" | "server";
  readonly ns: number;
  /** Both are the same for a server. */
  readonly from: string;
  readonly to: string;
  readonly direction: "request" | "reply";
}

export interface Latency {
  readonly hops: readonly HopLatency[];
  /** The longest of all, where there is one. */
  readonly wait: Wait | undefined;
}

type Uncertainty = Pick<Clocks, "uncertaintyBetween">;

export function latencyOf({ requests, replies }: Passages, clocks: Uncertainty): Latency {
  const hops = [
    ...hopsOf(requests, { direction: "request", clocks }),
    ...hopsOf(replies, { direction: "reply", clocks }),
  ];
  const waits = [
    ...hops.flatMap(waitOn),
    ...waitsForSyn(requests, clocks),
    ...serverWaits(requests),
  ];
  const wait = waits.reduce<Wait | undefined>(
    (longest, one) => (longest === undefined || one.ns > longest.ns ? one : longest),
    undefined,
  );
  return { hops, wait };
}

interface Way {
  readonly direction: "request" | "reply";
  readonly clocks: Uncertainty;
}

function hopsOf(passages: readonly Passage[], { direction, clocks }: Way): readonly HopLatency[] {
  return consecutive(passages).flatMap(([from, to]) => {
    const times = timesBetween(from, to);
    const [minNs] = times;
    const maxNs = times.at(-1);
    const medianNs = times[(times.length - 1) >> 1];
    if (minNs === undefined || maxNs === undefined || medianNs === undefined) return [];
    const uncertaintyNs = clocks.uncertaintyBetween(clocksOf(from, to));
    const { at } = from;
    return [
      {
        direction,
        from: at,
        to: to.at,
        packets: times.length,
        medianNs,
        minNs,
        maxNs,
        uncertaintyNs,
      },
    ];
  });
}

function consecutive(passages: readonly Passage[]): readonly (readonly [Passage, Passage])[] {
  return passages.slice(1).flatMap((to, index) => {
    const from = passages[index];
    return from ? [[from, to] as const] : [];
  });
}

function clocksOf(from: Passage, to: Passage): { readonly a: string; readonly b: string } {
  return { a: from.connection.point.name, b: to.connection.point.name };
}

/** ns from one to the other of each packet that both have, shortest first. */
function timesBetween(from: Passage, to: Passage): readonly number[] {
  const packets = sharedPackets(from.connection, to.connection).filter(
    ({ sides: [a, b] }) => a === from.side && b === to.side,
  );
  const once = new Map(packets.map(({ times: [a, b] }) => [a, Number(b - a)]));
  return [...once.values()].sort((a, b) => a - b);
}

/** Only what is longer than the clocks may be wrong. */
function waitOn({ direction, from, to, maxNs, uncertaintyNs }: HopLatency): readonly Wait[] {
  if (uncertaintyNs === undefined || maxNs <= uncertaintyNs) return [];
  return [{ kind: "path", ns: maxNs, from, to, direction }];
}

/** From the first SYN at a point to the first at the next: those in between went no further. */
function waitsForSyn(requests: readonly Passage[], clocks: Uncertainty): readonly Wait[] {
  return consecutive(requests).flatMap(([from, to]) => {
    const uncertaintyNs = clocks.uncertaintyBetween(clocksOf(from, to));
    const [sent, arrived] = [synAt(from), synAt(to)];
    if (uncertaintyNs === undefined || sent === undefined || arrived === undefined) return [];
    const ns = Number(arrived - sent);
    const isRepeated = factsOf(from).syns > factsOf(to).syns;
    if (!isRepeated || ns <= uncertaintyNs) return [];
    return [{ kind: "handshake", ns, from: from.at, to: to.at, direction: "request" }];
  });
}

const factsOf = ({ connection, side }: Passage): Connection["directions"][0] =>
  connection.directions[side];

function synAt(passage: Passage): EpochNs | undefined {
  const { isn, first } = factsOf(passage);
  return isn === undefined ? undefined : first;
}

/** By the clock of one point, so that no other has to be right. */
function serverWaits(requests: readonly Passage[]): readonly Wait[] {
  const last = requests.at(-1);
  if (!last) return [];
  const [request, reply] = [factsOf(last), last.connection.directions[last.side === 0 ? 1 : 0]];
  const isOneSyn = request.syns === 1 && reply.isn !== undefined;
  const spans = [
    spanOf(isOneSyn ? request.first : undefined, reply.first),
    spanOf(request.firstPayload, reply.firstPayload),
  ];
  const ns = Math.max(...spans);
  const { at } = last;
  return ns > 0 ? [{ kind: "server", ns, from: at, to: at, direction: "reply" }] : [];
}

/** ns; of a server that speaks first, and where a time is not known, nothing. */
function spanOf(from: EpochNs | undefined, to: EpochNs | undefined): number {
  return from === undefined || to === undefined ? 0 : Math.max(0, Number(to - from));
}
