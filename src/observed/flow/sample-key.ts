import { IP_PROTOCOL } from "#net/protocol.js";
import type { IpPacket } from "#observed/decode/packet.js";
import { prefixHash } from "./payload-hash.js";
import { FIN } from "./tcp-endpoint.js";
import { finishHash, mixWord } from "./word-hash.js";

/** No key: nothing of the packet tells it from others at another capture point. */
export const NO_KEY = 0;

const PSH = 8;

/**
 * A hash (signed, 32 bits) over what NAT, segmentation and fragmentation leave alone; `NO_KEY`
 * without such fields. See `PacketSample.key` for the fields, and why each.
 */
export function sampleKey(bytes: Uint8Array, packet: IpPacket): number {
  // A later fragment has no header to know it by.
  if (packet.fragmentOffset > 0) return NO_KEY;
  switch (packet.protocol) {
    case IP_PROTOCOL.tcp:
      return tcpKey(packet);
    case IP_PROTOCOL.udp:
      return namedKey(bytes, packet, packet.udpLength);
    case IP_PROTOCOL.icmp:
    case IP_PROTOCOL.icmp6:
      return icmpKey(bytes, packet);
    default:
      return namedKey(bytes, packet, packet.protocol);
  }
}

/**
 * GSO and GRO: a super-packet has its first segment's sequence number, window, options and IP
 * identification, but its last segment's PSH and FIN (tcp_gso_segment and tcp_gro_receive in
 * net/ipv4/tcp_offload.c). A FIN without payload is no part of one.
 */
function tcpKey(packet: IpPacket): number {
  const cleared = packet.payloadLength > 0 ? PSH | FIN : PSH;
  let hash = mixWord(mixWord(identification(packet), packet.seq), packet.ack);
  hash = mixWord(hash, (packet.flags & ~cleared) | (packet.window << 16));
  return finishHash(mixWord(hash, packet.optionsHash)) || 1;
}

/** Masquerade rewrites the identifier of an echo. */
function icmpKey(bytes: Uint8Array, packet: IpPacket): number {
  const message = (packet.icmpType << 8) | packet.icmpCode;
  if (packet.quoted !== undefined) return errorKey(message, packet, packet.quoted);
  return namedKey(bytes, packet, mixWord(message, packet.icmpSeq));
}

/**
 * An error is known by its own identification and by that of the packet it quotes: of the quote NAT
 * rewrites addresses and ports only (nf_nat_icmp_reply_translation in net/netfilter/nf_nat_proto.c).
 */
function errorKey(message: number, packet: IpPacket, quoted: IpPacket): number {
  const names = (identification(packet) << 16) | identification(quoted);
  if (names === 0) return NO_KEY;
  return finishHash(mixWord(mixWord(message, names), quoted.protocol)) || 1;
}

/** What an identification or the payload's first bytes name, beside `fields`. */
function namedKey(bytes: Uint8Array, packet: IpPacket, fields: number): number {
  const id = identification(packet);
  const name = id === 0 ? prefixHash(bytes, packet) : id;
  if (name === 0) return NO_KEY;
  return finishHash(mixWord(mixWord(id === 0 ? 0 : 1, name), fields)) || 1;
}

/** 0 is what Linux sends where it needs none; only a fragment of IPv6 has one, which re-cutting changes. */
function identification({ version, id }: IpPacket): number {
  return version === 4 && id > 0 ? id : 0;
}
