import type { EpochNs, Pair } from "#net/types.js";
import type { Connection, DirectionFacts } from "#observed/flow/connection.js";

export interface TimedConnection {
  readonly point: string;
  readonly isns: Pair<number>;
  /** Of the SYN. */
  readonly ipId: number;
  /** When the SYN and its answer came by. */
  readonly times: readonly [EpochNs, EpochNs | undefined];
  readonly ttl: Pair<number> | undefined;
}

/** A handshake at one capture point: all that clocks are estimated from. */
export function connectionOf({ point, isns, ipId, times, ttl }: TimedConnection): Connection {
  const [syn, answer] = times;
  const packet = { file: `${point}.pcap`, packet: 1 };
  const seen = answer !== undefined;
  return {
    point: { name: point, interface: undefined, direction: undefined },
    files: [packet.file],
    protocol: "tcp",
    originator: { address: "198.51.100.79", port: 41_000 },
    responder: { address: "10.20.32.204", port: 80 },
    packets: [1, seen ? 1 : 0],
    frameBytes: [74, seen ? 74 : 0],
    payloadBytes: [0, 0],
    first: syn,
    last: answer ?? syn,
    state: seen ? "S1" : "S0",
    history: seen ? "Sh" : "S",
    communityId: "",
    tunnels: [],
    directions: [
      factsOf({ isn: isns[0], ipId, first: syn, ttl: ttl?.[0] ?? 64 }),
      seen
        ? factsOf({ isn: isns[1], ipId: 0, first: answer, ttl: ttl?.[1] ?? 64 })
        : {
            ...factsOf({ isn: undefined, ipId: undefined, first: undefined, ttl: 0 }),
            ttl: undefined,
          },
    ],
    icmpErrors: [],
    packetNumbers: {
      first: packet,
      last: packet,
      originatorFirst: packet,
      responderFirst: seen ? { ...packet, packet: 2 } : undefined,
      syn: packet,
      synAck: seen ? { ...packet, packet: 2 } : undefined,
      reset: undefined,
    },
  };
}

interface Facts {
  readonly isn: number | undefined;
  readonly ipId: number | undefined;
  readonly first: EpochNs | undefined;
  readonly ttl: number;
}

function factsOf({ isn, ipId, first, ttl }: Facts): DirectionFacts {
  return {
    isn,
    synOptionsHash: undefined,
    mss: undefined,
    windowScale: undefined,
    syns: isn === undefined ? 0 : 1,
    ttl: { min: ttl, max: ttl },
    retransmissions: 0,
    copies: 0,
    resets: 0,
    zeroWindows: 0,
    firstIpId: ipId,
    firstPayloadHash: undefined,
    firstPayloadLength: undefined,
    first,
  };
}
