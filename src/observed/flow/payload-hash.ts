import { IP_PROTOCOL } from "#net/protocol.js";
import type { IpPacket } from "#observed/decode/packet.js";

/** Bytes of a payload that its hash covers, when the capture holds as many. */
const HASHED_PAYLOAD_BYTES = 64;

/** What `tcpdump -s 96` leaves of a payload behind SLL2, IPv4 and TCP with timestamps. */
export const SAMPLED_PAYLOAD_BYTES = 24;

const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;

/**
 * 32-bit (signed) FNV-1a over the first bytes of a payload. Two captures with different snaplens may disagree
 * on a payload shorter in one of them. Never 0, which stands for "nothing captured".
 */
export function payloadHash(bytes: Uint8Array, packet: IpPacket): number {
  return hashOf(bytes, packet, Math.min(packet.payloadCaptured, HASHED_PAYLOAD_BYTES));
}

/**
 * The same over the first `SAMPLED_PAYLOAD_BYTES`, or over all of a shorter payload. 0 where the
 * capture holds less, where there is none, and where re-cutting may lengthen it (a short TCP
 * segment, a short first fragment) or NAT rewrites it (what an ICMP error quotes).
 */
export function prefixHash(bytes: Uint8Array, packet: IpPacket): number {
  const { payloadLength, payloadCaptured, protocol } = packet;
  const covered = Math.min(payloadLength, SAMPLED_PAYLOAD_BYTES);
  if (covered === 0 || payloadCaptured < covered || packet.quoted !== undefined) return 0;
  const mayGrow = protocol === IP_PROTOCOL.tcp || packet.moreFragments;
  if (mayGrow && covered < SAMPLED_PAYLOAD_BYTES) return 0;
  return hashOf(bytes, packet, covered);
}

function hashOf(bytes: Uint8Array, { payloadOffset }: IpPacket, length: number): number {
  const end = payloadOffset + length;
  let hash = FNV_OFFSET;
  for (let at = payloadOffset; at < end; at++) {
    hash = Math.imul(hash ^ (bytes[at] ?? 0), FNV_PRIME);
  }
  return hash | 0 || 1;
}
