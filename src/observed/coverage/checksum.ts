/** What a TCP or UDP checksum is, as captured: with offload most are unfinished, and no fault. */
import { IP_PROTOCOL } from "#net/protocol.js";
import type { IpPacket } from "#observed/decode/packet.js";

/**
 * `partial`: the field holds the sum over the pseudo-header alone, as Linux leaves it for a device
 * to finish (CHECKSUM_PARTIAL, include/linux/skbuff.h). `none`: UDP's 0 (RFC 768). `unread`: the
 * packet is cut, a fragment, or neither TCP nor UDP.
 */
export type ChecksumKind = "valid" | "partial" | "none" | "wrong" | "unread";

// Offsets from the transport header: RFC 9293 §3.1, RFC 768.
const TCP_CHECKSUM = 16;
const UDP_CHECKSUM = 6;

export function checksumKind(bytes: Uint8Array, packet: IpPacket): ChecksumKind {
  const { protocol, transportOffset: start, moreFragments, fragmentOffset } = packet;
  const isTcp = protocol === IP_PROTOCOL.tcp;
  const isKnown = isTcp || protocol === IP_PROTOCOL.udp;
  const isCut = packet.payloadCaptured < packet.payloadLength;
  if (!isKnown || !packet.hasTransport || moreFragments || fragmentOffset > 0) return "unread";
  const at = start + (isTcp ? TCP_CHECKSUM : UDP_CHECKSUM);
  if (start === 0 || at + 2 > packet.payloadOffset) return "unread";
  const field = wordAt(bytes, at);
  if (!isTcp && field === 0) return "none";
  const lengthBytes = packet.payloadOffset - start + packet.payloadLength;
  const pseudo = pseudoHeaderSum(packet, lengthBytes);
  if (fold(pseudo) === field) return "partial";
  if (isCut) return "unread";
  return fold(pseudo + sumOf(bytes, { start, end: start + lengthBytes })) === 0xffff
    ? "valid"
    : "wrong";
}

function wordAt(bytes: Uint8Array, at: number): number {
  return ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
}

/** RFC 9293 §3.1, RFC 8200 §8.1: addresses, length, protocol. */
function pseudoHeaderSum(packet: IpPacket, lengthBytes: number): number {
  let sum = packet.protocol + (lengthBytes >>> 16) + (lengthBytes & 0xffff);
  for (const address of [packet.source, packet.destination]) {
    for (let word = packet.version === 4 ? 3 : 0; word < 4; word++) {
      const value = address[word] ?? 0;
      sum += (value >>> 16) + (value & 0xffff);
    }
  }
  return sum;
}

function sumOf(bytes: Uint8Array, { start, end }: { start: number; end: number }): number {
  let sum = 0;
  for (let at = start; at + 1 < end; at += 2) sum += wordAt(bytes, at);
  return (end - start) % 2 === 0 ? sum : sum + ((bytes[end - 1] ?? 0) << 8);
}

/** Ones' complement (RFC 1071): what is carried out of 16 bits comes in below. */
function fold(sum: number): number {
  let folded = sum;
  while (folded > 0xffff) folded = (folded & 0xffff) + Math.floor(folded / 0x10000);
  return folded;
}
