/**
 * What captures at the planned points would hold if all goes well, as the flow engine would tell it:
 * with them `verify` itself says which of its checks a missing capture costs.
 */
import { epochNs, type EpochNs, type Pair } from "#net/types.js";
import type { Endpoint } from "#net/five-tuple.js";
import {
  reverse,
  samePredictedTuple,
  type PredictedEndpoint,
  type PredictedTuple,
} from "#expected/netfilter/predicted-tuple.js";
import type { PredictedSighting } from "#expected/taps/predicted-sighting.js";
import type { Connection, DirectionFacts } from "#observed/flow/connection.js";
import type { ReadCapture } from "#verify/point.js";

export interface ForeseenPath {
  readonly sightings: readonly (PredictedSighting & { readonly capture: string })[];
}

export interface Foreseen {
  readonly captures: readonly ReadCapture[];
  readonly connections: readonly Connection[];
}

/** Any time does; between two points lies a microsecond. */
const START = 1_700_000_000_000_000_000n;
const BETWEEN_POINTS_NS = 1_000n;
/** Captures run well before and after, so that what they lack counts. */
const MARGIN_NS = 10_000_000_000n;

export function foreseenCaptures({ sightings }: ForeseenPath, names: readonly string[]): Foreseen {
  const connections = names.flatMap((point, place) => {
    const here = sightings.filter(({ capture }) => capture === point);
    const time = epochNs(START + BigInt(place) * BETWEEN_POINTS_NS);
    return pairsOf(here).map((pair) => connectionOf({ ...pair, point, time }));
  });
  return {
    connections,
    captures: names.map((point) => ({
      point,
      file: `${point}.pcap`,
      records: 1000,
      first: epochNs(START - MARGIN_NS),
      last: epochNs(START + MARGIN_NS),
    })),
  };
}

interface SeenPair {
  readonly request: PredictedSighting | undefined;
  readonly reply: PredictedSighting | undefined;
}

/** A reply that mirrors the request is of one connection with it; half-translated ones are alone. */
function pairsOf(sightings: readonly PredictedSighting[]): readonly SeenPair[] {
  const requests = sightings.filter(({ direction }) => direction === "request");
  const left = new Set(sightings.filter(({ direction }) => direction === "reply"));
  const pairs = requests.map((request): SeenPair => {
    const reply = [...left].find(
      (candidate) =>
        isMirrored(request.tuple, candidate.tuple) &&
        (request.outer === undefined) === (candidate.outer === undefined),
    );
    if (reply) left.delete(reply);
    return { request, reply };
  });
  return [...pairs, ...[...left].map((reply): SeenPair => ({ request: undefined, reply }))];
}

function isMirrored(request: PredictedTuple, reply: PredictedTuple): boolean {
  return samePredictedTuple(request, reverse(reply));
}

interface Shown extends SeenPair {
  readonly point: string;
  readonly time: EpochNs;
}

/** A request and its answer over HTTP, opened and closed. */
function connectionOf({ request, reply, point, time }: Shown): Connection {
  const tuple = request?.tuple ?? reverse((reply as PredictedSighting).tuple);
  const packet = { file: `${point}.pcap`, packet: 1 };
  const outer = (request ?? reply)?.outer;
  const isTcp = tuple.protocol === "tcp";
  return {
    point: { name: point, interface: undefined, direction: undefined },
    files: [packet.file],
    protocol: tuple.protocol,
    originator: endpointOf(tuple.source),
    responder: endpointOf(tuple.destination),
    packets: [request ? PACKETS : 0, reply ? PACKETS : 0],
    frameBytes: [request ? PACKETS * FRAME_BYTES : 0, reply ? PACKETS * FRAME_BYTES : 0],
    payloadBytes: [request ? PAYLOAD_BYTES : 0, reply ? PAYLOAD_BYTES : 0],
    first: time,
    last: epochNs(time + BETWEEN_POINTS_NS),
    state: "SF",
    history: isTcp ? `${request ? "SAD" : ""}${reply ? "hadf" : ""}${request ? "F" : ""}` : "Dd",
    communityId: "",
    tunnels: outer
      ? [
          {
            kind: "vxlan",
            id: 1,
            source: outer.source.address,
            destination: outer.destination.address,
          },
        ]
      : [],
    directions: directionsOf({ request, reply }, time),
    icmpErrors: [],
    packetNumbers: {
      first: packet,
      last: packet,
      originatorFirst: request ? packet : undefined,
      responderFirst: reply ? packet : undefined,
      syn: request && isTcp ? packet : undefined,
      synAck: reply && isTcp ? packet : undefined,
      reset: undefined,
    },
  };
}

const PACKETS = 5;
const FRAME_BYTES = 100;
const PAYLOAD_BYTES = 80;

/** A port that the kernel draws is not the client's. */
const DRAWN_PORT = 50_000;

function endpointOf({ address, port }: PredictedEndpoint): Endpoint {
  return { address, port: port === "any" ? DRAWN_PORT : port };
}

/** Initial sequence numbers: what joins the points, as NAT leaves them alone. */
const NUMBERS: Pair<number> = [1_000_000, 2_000_000];

function directionsOf({ request, reply }: SeenPair, time: EpochNs): Pair<DirectionFacts> {
  const isTcp = (request ?? reply)?.tuple.protocol === "tcp";
  const [sent, answered] = NUMBERS;
  return [
    directionOf(request, { isn: isTcp ? sent : undefined, hash: 1, time }),
    directionOf(reply, { isn: isTcp ? answered : undefined, hash: 2, time }),
  ];
}

interface Sent {
  readonly isn: number | undefined;
  readonly hash: number;
  readonly time: EpochNs;
}

/** What hosts of today send by default (linux net/ipv4/sysctl_net_ipv4.c ip_default_ttl). */
const INITIAL_TTL = 64;

function directionOf(
  sighting: PredictedSighting | undefined,
  { isn, hash, time }: Sent,
): DirectionFacts {
  const isSeen = sighting !== undefined;
  const ttl = INITIAL_TTL - (sighting?.ttlLowered ?? 0);
  return {
    isn: isSeen ? isn : undefined,
    synOptionsHash: isSeen && isn !== undefined ? 1 : undefined,
    mss: isSeen && isn !== undefined ? 1460 : undefined,
    windowScale: isSeen && isn !== undefined ? 7 : undefined,
    syns: isSeen && isn !== undefined ? 1 : 0,
    ttl: isSeen ? { min: ttl, max: ttl } : undefined,
    retransmissions: 0,
    copies: 0,
    resets: 0,
    zeroWindows: 0,
    firstIpId: isSeen ? hash : undefined,
    firstPayloadHash: isSeen ? hash : undefined,
    firstPayloadLength: isSeen ? PAYLOAD_BYTES : undefined,
    ...(isSeen && isn !== undefined && { isDataAcknowledged: true }),
    first: isSeen ? time : undefined,
    ...(isSeen &&
      isn !== undefined && {
        sequence: {
          start: isn,
          end: isn + PAYLOAD_BYTES + 2,
          acknowledged: isn + PAYLOAD_BYTES + 2,
        },
      }),
  };
}
