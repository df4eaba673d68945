/** Connections made by hand, as one capture point shows them. */
import type { Endpoint } from "#net/five-tuple.js";
import { epochNs } from "#net/types.js";
import type { Connection, DirectionFacts } from "#observed/flow/connection.js";

/** 2026-11-21T09:10:11Z. */
const START = 1_795_252_211_000_000_000n;

export const instant = (ms: number) => epochNs(START + BigInt(ms) * 1_000_000n);

/** What a connection shows; what is left out is that of a healthy TCP connection. */
export interface Seen {
  /** Capture point: `node1.eth0`; with an interface of a file that holds several `node1.any/if4`. */
  readonly at: string;
  /** `198.51.100.79:41001 > 10.20.32.204:9000`, the originator first. */
  readonly tuple: string;
  readonly protocol?: "tcp" | "udp" | "sctp" | "icmp";
  /** Milliseconds after the first. */
  readonly ms?: number;
  /** Initial sequence numbers of the SYN and of the SYN-ACK; undefined for one that was not seen. */
  readonly isn?: readonly [number | undefined, number | undefined];
  /** TTLs of the originator and responder; undefined for a direction that was not seen. */
  readonly ttl?: readonly [number | undefined, number | undefined];
  readonly windowScale?: number;
  /** SYNs, SYN-ACKs. */
  readonly syns?: readonly [number, number];
  /** Packets in each direction. */
  readonly packets?: readonly [number, number];
  /** Bytes of payload in each direction; none unless said. */
  readonly data?: readonly [number, number];
  /** True where none of the originator's data was acknowledged in this capture. */
  readonly isUnheard?: true;
  /** Zeek's letters; none unless said. */
  readonly history?: string;
  /** How often data of the originator was acknowledged that the capture never showed. */
  readonly unseenData?: number;
  /** How often the originator sent something again. */
  readonly repeated?: number;
  readonly resets?: readonly [number, number];
  /** What the SYN-ACK acknowledges less one, where the SYN itself was not seen. */
  readonly acknowledgedIsn?: number;
  /** Of the originator's first packet. */
  readonly ipId?: number;
  /** The originator's first payload, as a hash; undefined without. */
  readonly payload?: number;
  readonly icmpErrors?: readonly { type: number; code: number; from: string }[];
  /** Inside a VXLAN. */
  readonly tunnel?: boolean;
}

export function seen(facts: Seen): Connection {
  const { at, tuple, protocol = "tcp", ms = 0, tunnel = false } = facts;
  const [name = at, port] = /^(.+)\/(if\d+)$/.exec(at)?.slice(1) ?? [at];
  const [originator, responder] = tuple.split(" > ").map(endpoint);
  if (!originator || !responder) throw new Error(`no tuple: ${tuple}`);
  const isTcp = protocol === "tcp";
  const [syn, answer] = facts.isn ?? (isTcp ? [1000, 2000] : [undefined, undefined]);
  const [ttl, answerTtl] = facts.ttl ?? [62, 64];
  const [syns, answers] = facts.syns ?? [syn === undefined ? 0 : 1, answer === undefined ? 0 : 1];
  const [resets, answerResets] = facts.resets ?? [0, 0];
  const file = `${name}.pcap`;
  const packet = { file, packet: ms + 1 };
  const [sent, answered] = facts.data ?? [0, 0];
  const payload =
    facts.payload === undefined
      ? {}
      : { firstPayloadHash: facts.payload, firstPayloadLength: facts.payload + 1 };
  return {
    point: { name, interface: port, direction: port === undefined ? undefined : "in" },
    files: [file],
    protocol,
    originator,
    responder,
    packets: facts.packets ?? [ttl === undefined ? 0 : 5, answerTtl === undefined ? 0 : 4],
    frameBytes: [0, 0],
    payloadBytes: facts.data ?? [0, 0],
    first: instant(ms),
    last: instant(ms + 10),
    state: "SF",
    history: facts.history ?? "",
    communityId: "",
    tunnels: tunnel
      ? [{ kind: "vxlan", id: 1, source: "10.20.32.205", destination: "10.20.32.204" }]
      : [],
    directions: [
      {
        ...direction({ isn: syn, ttl, syns, resets }),
        windowScale: facts.windowScale,
        retransmissions: facts.repeated ?? 0,
        ...(facts.acknowledgedIsn !== undefined && { acknowledgedIsn: facts.acknowledgedIsn }),
        firstIpId: facts.ipId,
        ...dataFacts(sent),
        ...(facts.isUnheard && { isDataAcknowledged: false }),
        ...payload,
        ...(facts.unseenData !== undefined && { unseenData: facts.unseenData }),
      },
      {
        ...direction({ isn: answer, ttl: answerTtl, syns: answers, resets: answerResets }),
        ...dataFacts(answered),
      },
    ],
    icmpErrors: (facts.icmpErrors ?? []).map((error) => ({ ...error, packet })),
    packetNumbers: {
      first: packet,
      last: packet,
      originatorFirst: ttl === undefined ? undefined : packet,
      responderFirst: answerTtl === undefined ? undefined : { file, packet: ms + 2 },
      syn: undefined,
      synAck: undefined,
      reset: undefined,
    },
  };
}

/** Of a direction whose data, if there is any, arrives. */
function dataFacts(bytes: number): Partial<DirectionFacts> {
  return bytes === 0 ? {} : { firstPayloadLength: bytes, isDataAcknowledged: true };
}

interface Direction {
  readonly isn: number | undefined;
  readonly ttl: number | undefined;
  readonly syns: number;
  readonly resets: number;
}

function direction({ isn, ttl, syns, resets }: Direction): DirectionFacts {
  return {
    isn,
    synOptionsHash: undefined,
    mss: undefined,
    windowScale: undefined,
    syns,
    ttl: ttl === undefined ? undefined : { min: ttl, max: ttl },
    retransmissions: 0,
    copies: 0,
    resets,
    zeroWindows: 0,
    firstIpId: undefined,
    firstPayloadHash: undefined,
    firstPayloadLength: undefined,
  };
}

function endpoint(text: string): Endpoint {
  const at = text.lastIndexOf(":");
  return { address: text.slice(0, at).replace(/[[\]]/g, ""), port: Number(text.slice(at + 1)) };
}
