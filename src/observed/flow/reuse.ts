import { IP_PROTOCOL } from "#net/protocol.js";
import type { IpPacket } from "#observed/decode/packet.js";
import type { Cursor } from "./cursor.js";
import { ENDPOINT } from "./endpoint-state.js";
import { START_SEQ, STATE } from "./layout.js";
import { ACK, SYN } from "./tcp-endpoint.js";

/**
 * True when the packet begins another connection on the five-tuple of this one: a SYN whose sequence
 * number is not the sender's, or a SYN-ACK to another SYN: a bridge shows replies of several
 * connections under one five-tuple, whose requests came under others.
 */
export function isReuse(cursor: Cursor, { protocol, flags, seq, ack }: IpPacket): boolean {
  if ((flags & SYN) === 0 || protocol !== IP_PROTOCOL.tcp) return false;
  const { view, self, peer, isOriginator } = cursor;
  const state = view.getUint8(self + STATE);
  const peerState = view.getUint8(peer + STATE);
  if (state === ENDPOINT.inactive && peerState === ENDPOINT.inactive) return false;
  const isOther = seq !== view.getUint32(self + START_SEQ, true);
  if ((flags & ACK) !== 0) {
    if (isOriginator || state === ENDPOINT.inactive || !isOther) return false;
    // A server that has forgotten the SYN answers its repetition with another number.
    const dialled = view.getUint32(peer + START_SEQ, true);
    return peerState === ENDPOINT.inactive || ((dialled + 1) | 0) !== (ack | 0);
  }
  // Both sides send a SYN at once: a simultaneous open (RFC 9293 §3.5).
  if (state === ENDPOINT.inactive && peerState === ENDPOINT.synSent) return false;
  return isOther;
}
