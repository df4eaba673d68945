import { IP_PROTOCOL } from "#net/protocol.js";
import type { IpPacket } from "#observed/decode/packet.js";
import type { Cursor } from "./cursor.js";
import { ENDPOINT } from "./endpoint-state.js";
import { START_SEQ, STATE } from "./layout.js";
import { ACK, SYN } from "./tcp-endpoint.js";

/**
 * True when the packet begins another connection on the five-tuple of this one: a SYN whose sequence
 * number is not the sender's. Where only the responder was seen, a SYN-ACK tells as much.
 */
export function isReuse(cursor: Cursor, { protocol, flags, seq }: IpPacket): boolean {
  if ((flags & SYN) === 0 || protocol !== IP_PROTOCOL.tcp) return false;
  const { view, self, peer, isOriginator } = cursor;
  const state = view.getUint8(self + STATE);
  const peerState = view.getUint8(peer + STATE);
  if (state === ENDPOINT.inactive && peerState === ENDPOINT.inactive) return false;
  const isOther = seq !== view.getUint32(self + START_SEQ, true);
  if ((flags & ACK) !== 0) {
    const onlySide = !isOriginator && peerState === ENDPOINT.inactive;
    return onlySide && state !== ENDPOINT.inactive && isOther;
  }
  // Both sides send a SYN at once: a simultaneous open (RFC 9293 §3.5).
  if (state === ENDPOINT.inactive && peerState === ENDPOINT.synSent) return false;
  return isOther;
}
