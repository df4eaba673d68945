import type { IpPacket } from "#observed/decode/packet.js";

/** Bytes of a payload that its hash covers, when the capture holds as many. */
export const HASHED_PAYLOAD_BYTES = 64;

const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;

/**
 * 32-bit (signed) FNV-1a over the first bytes of a payload. Two captures with different snaplens may disagree
 * on a payload shorter in one of them. Never 0, which stands for "nothing captured".
 */
export function payloadHash(bytes: Uint8Array, packet: IpPacket): number {
  const { payloadOffset, payloadCaptured } = packet;
  const end = payloadOffset + Math.min(payloadCaptured, HASHED_PAYLOAD_BYTES);
  let hash = FNV_OFFSET;
  for (let at = payloadOffset; at < end; at++) {
    hash = Math.imul(hash ^ (bytes[at] ?? 0), FNV_PRIME);
  }
  return hash | 0 || 1;
}
