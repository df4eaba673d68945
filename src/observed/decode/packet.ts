import { DIRECTION, type Direction } from "#observed/capture/record.js";
import type { DecodeStop } from "./stop.js";

/** Tunnels that one packet may be nested in. Deeper ones stop as unsupported. */
export const MAX_NESTING = 8;

export type TunnelKind = "vxlan" | "geneve" | "gre" | "ipip" | "6in4" | "4in6";

/**
 * One IP packet of a record: the record's own, or one carried in a tunnel. Filled again for each
 * record, so copy what outlives it. Fields keep the values of the header; a field whose layer was
 * not reached keeps the value that `reset` gave it.
 */
export class IpPacket {
  /** 4 or 6. */
  version: 4 | 6 = 4;
  /** The address as four 32-bit words (signed), most significant first; IPv4 only in the last. */
  source: Int32Array = new Int32Array(4);
  destination: Int32Array = new Int32Array(4);
  /** Time to live, or hop limit. */
  ttl = 0;
  /** Identification: 16 bits in IPv4; 32 bits of an IPv6 fragment header, else -1. */
  id = -1;
  dontFragment = false;
  moreFragments = false;
  /** In bytes. A packet with an offset above 0 has no ports of its own. */
  fragmentOffset = 0;
  /** The transport protocol, behind any extension headers. */
  protocol = 0;

  /**
   * True once the ports (TCP, UDP, SCTP) or type and code (ICMP) were read; for TCP the sequence
   * number as well. Behind it the capture or a quote may end: then what was not read keeps 0.
   */
  hasTransport = false;
  /** Where the TCP or UDP header starts, in `CaptureRecord.bytes`; 0 without one. */
  transportOffset = 0;
  sourcePort = 0;
  destinationPort = 0;

  /** TCP. Sequence numbers are unsigned. */
  seq = 0;
  ack = 0;
  /** FIN 1, SYN 2, RST 4, PSH 8, ACK 16, URG 32, ECE 64, CWR 128 (RFC 9293 §3.1). */
  flags = 0;
  /** As in the header, not scaled. */
  window = 0;
  /** 0 without the option. */
  mss = 0;
  /** The shift count of a SYN's window scale option; -1 without. */
  windowScale = -1;
  sackPermitted = false;
  hasTimestamps = false;
  tsval = 0;
  tsecr = 0;
  /**
   * A 32-bit hash over kinds, order and lengths of all options, with the values of MSS, window
   * scale and timestamps: NAT leaves it alone. 0 without options, and when not all could be read.
   */
  optionsHash = 0;

  /** UDP: the header's length field, 8 bytes included; of a first fragment the whole datagram's. */
  udpLength = 0;

  /** ICMP and ICMPv6. */
  icmpType = 0;
  icmpCode = 0;
  /** Identifier and sequence number of an echo message, else 0. */
  icmpId = 0;
  icmpSeq = 0;
  /** What an ICMP error quotes, read as far as it goes; undefined for other messages. */
  quoted: IpPacket | undefined = undefined;

  /** Where the payload of the deepest layer read starts, in `CaptureRecord.bytes`. */
  payloadOffset = 0;
  /** Payload bytes that the capture holds. */
  payloadCaptured = 0;
  /** Payload bytes that the packet had, by the lengths in its headers. */
  payloadLength = 0;

  /** What carried this packet; undefined for the outermost. `ipip` is also IPv6 in IPv6. */
  tunnel: TunnelKind | undefined = undefined;
  /** VXLAN network identifier, Geneve VNI or GRE key; 0 without. */
  tunnelId = 0;
}

/** An Ethernet ARP message for IPv4 (RFC 826). Addresses as unsigned 32-bit numbers. */
export interface Arp {
  readonly operation: number;
  readonly senderAddress: number;
  readonly targetAddress: number;
}

/** A record's layers. One of these is filled again for each record. */
export class DecodedPacket {
  /** The interface index of a Linux cooked v2 header; 0 where the link layer has none. */
  interfaceIndex = 0;
  direction: Direction = DIRECTION.unknown;
  /**
   * How many of `ip` this record has: 0 for ARP and the like, 1 as a rule, more in tunnels. ARP in a
   * tunnel has the outer packets.
   */
  depth = 0;
  /** Outermost first; only the first `depth` are of this record. */
  readonly ip: readonly IpPacket[] = Array.from({ length: MAX_NESTING }, () => new IpPacket());
  arp: Arp | undefined = undefined;
  /** Where decoding ended early; undefined when every layer was read. */
  stop: DecodeStop | undefined = undefined;
}
