import type { CapturePoint } from "#cluster/capture-point.js";
import type { Endpoint } from "#net/five-tuple.js";
import type { ForwardedClient } from "./forwarded-client.js";
import type { EpochNs, Pair } from "#net/types.js";
import type { TunnelKind } from "#observed/decode/packet.js";
import type { PacketSample } from "./packet-sample.js";

/** Zeek's `conn_state` values (base/protocols/conn/main.zeek), with Zeek's meanings. */
export type ConnState =
  | "S0"
  | "S1"
  | "SF"
  | "REJ"
  | "S2"
  | "S3"
  | "RSTO"
  | "RSTR"
  | "RSTOS0"
  | "RSTRH"
  | "SH"
  | "SHR"
  | "OTH";

/** A conversation at one capture point. Pairs are in the order originator, responder. */
export interface Connection {
  readonly point: CapturePoint;
  /** The capture files it was seen in, in order; a rotated series may have several. */
  readonly files: readonly string[];
  /** As `protocolName` writes it. */
  readonly protocol: string;
  /**
   * Sender of the first packet seen; of a SYN-ACK seen first, its receiver (history `^`). For ICMP
   * the ports are the type and the type of its answer, as Zeek writes them.
   */
  readonly originator: Endpoint;
  readonly responder: Endpoint;
  readonly packets: Pair<number>;
  /** Bytes of the frames on the wire, link layer included, as `tshark -z conv` counts. */
  readonly frameBytes: Pair<number>;
  /** As Zeek's orig_bytes and resp_bytes: for TCP by sequence numbers, else the payload's length. */
  readonly payloadBytes: Pair<number>;
  readonly first: EpochNs;
  readonly last: EpochNs;
  readonly state: ConnState;
  /** Zeek's history letters: upper case the originator's, lower case the responder's. */
  readonly history: string;
  /** Community ID v1, seed 0. */
  readonly communityId: string;
  /** Tunnels around this packet, outermost first. */
  readonly tunnels: readonly Tunnel[];
  readonly directions: Pair<DirectionFacts>;
  /** The first few that were seen. */
  readonly icmpErrors: readonly IcmpError[];
  /** How many were seen, when that is more than are kept. */
  readonly icmpErrorCount?: number;
  readonly packetNumbers: PacketNumbers;
  /** The client that its originator, a proxy, names in the first bytes it sends. */
  readonly forwarded?: ForwardedClient;
  /** Status code of the first answer in HTTP. */
  readonly httpStatus?: number;
}

export interface Tunnel {
  readonly kind: TunnelKind;
  /** VNI or key. */
  readonly id: number;
  readonly source: string;
  readonly destination: string;
}

/** What one direction of a connection showed. */
export interface DirectionFacts {
  /** Sequence number of the SYN or SYN-ACK; undefined when it was not seen, or not TCP. */
  readonly isn: number | undefined;
  /** The same of a direction that was not seen, by what the other side's SYN-ACK acknowledges. */
  readonly acknowledgedIsn?: number;
  /** `IpPacket.optionsHash` of the first SYN or SYN-ACK. */
  readonly synOptionsHash: number | undefined;
  readonly mss: number | undefined;
  readonly windowScale: number | undefined;
  /** SYN or SYN-ACK packets, the first included. 4 means it was repeated three times. */
  readonly syns: number;
  /** Lowest and highest TTL or hop limit; undefined when the direction was not seen. */
  readonly ttl: { readonly min: number; readonly max: number } | undefined;
  /** Data or SYN, FIN sent again. */
  readonly retransmissions: number;
  /** The same packet seen again at this point (same seq and same non-zero IP ID): a hop, no fault. */
  readonly copies: number;
  readonly resets: number;
  readonly zeroWindows: number;
  /** Identification of the direction's first packet; 0 and -1 say nothing. */
  readonly firstIpId: number | undefined;
  /** Hash over the captured payload of the first packet with payload; undefined without. */
  readonly firstPayloadHash: number | undefined;
  /** Length on the wire of that payload. */
  readonly firstPayloadLength: number | undefined;
  /** TCP: the other side has acknowledged some of its payload. */
  readonly isDataAcknowledged?: boolean;
  /** Time of its first packet; undefined when it was not seen. */
  readonly first?: EpochNs | undefined;
  /** Time of its first packet with payload; only where packets are remembered. */
  readonly firstPayload?: EpochNs | undefined;
  /** TCP. */
  readonly sequence?: SequenceRange | undefined;
  /** How often data was acknowledged that this capture never saw sent; it stops at 255. */
  readonly unseenData?: number | undefined;
  /** A few of its packets, the same ones at every capture point; only where they were asked for. */
  readonly samples?: readonly PacketSample[] | undefined;
}

/** Sequence numbers of one direction, modulo 2^32. Undefined is what was not seen. */
export interface SequenceRange {
  /** The SYN's, or what a SYN in front of the first segment seen would have had. */
  readonly start: number | undefined;
  /** One past the highest that was sent. */
  readonly end: number | undefined;
  /** The highest that the other side has acknowledged; what a RST carries does not count. */
  readonly acknowledged: number | undefined;
}

/** An ICMP error whose quoted packet belongs to this connection. */
export interface IcmpError {
  readonly type: number;
  readonly code: number;
  /** Source address of the error. */
  readonly from: string;
  readonly packet: PacketReference;
}

/** A packet that a report may cite, written `file#packet`. */
export interface PacketReference {
  readonly file: string;
  /** Position in that file, from 1, as Wireshark counts. */
  readonly packet: number;
}

/** Where to look. Undefined for what was not seen. */
export interface PacketNumbers {
  readonly first: PacketReference;
  readonly last: PacketReference;
  readonly originatorFirst: PacketReference | undefined;
  readonly responderFirst: PacketReference | undefined;
  /** The first SYN and the first SYN-ACK. */
  readonly syn: PacketReference | undefined;
  readonly synAck: PacketReference | undefined;
  /** The first RST of either side. */
  readonly reset: PacketReference | undefined;
}
