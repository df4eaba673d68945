/**
 * The same packet seen twice at one capture point: a capture of all interfaces without interface
 * numbers, a bridge that floods. A hop, not a retransmission, which carries a new IP identification.
 */
import { IP_PROTOCOL } from "#net/protocol.js";
import { seqBefore } from "#net/sequence.js";
import type { IpPacket } from "#observed/decode/packet.js";
import type { Cursor } from "./cursor.js";
import { ENDPOINT } from "./endpoint-state.js";
import { ACK_SEQ, LAST_SEQ, PACKETS, RECENT, RECENT_TIME, STATE } from "./layout.js";
import { ACK, FIN, RST, SYN } from "./tcp-endpoint.js";
import { finishHash, mixWord } from "./word-hash.js";

/** Packets of a direction that a copy is compared with. */
const RECENT_PACKETS = 3;

/**
 * Without identification only an identical packet this soon is taken for a copy: faster than any
 * retransmission timer, slower than the hops of one host (Wireshark's limit for out-of-order).
 */
const COPY_WITHIN_US = 3000;

/**
 * True when the packet is a copy of one of the latest of its direction: the same non-zero IP
 * identification and nothing new in it; without identification, which SYN-ACK, RST and IPv6 packets
 * lack, the same TCP header within 3 ms. A pure acknowledgement without identification is never
 * taken for a copy: duplicates of those are ordinary. Remembers the packet.
 */
export function isCopy(cursor: Cursor, packet: IpPacket, timeUs: number): boolean {
  const { view, self } = cursor;
  const packets = view.getUint32(self + PACKETS, true);
  const isTcp = packet.protocol === IP_PROTOCOL.tcp;
  const named = packet.id > 0;
  const identity = named ? packet.id & 0xffff : isTcp ? unnamedIdentity(packet) : 0;
  let found = false;
  if (identity !== 0 && packets > 0) {
    const seen = Math.min(packets, RECENT_PACKETS);
    for (let place = 0; place < seen && !found; place++) {
      found = view.getUint16(self + RECENT + 2 * place, true) === identity;
    }
    if (found && isTcp) found = !advances(cursor, packet);
    if (found && !named) found = isSoon(timeUs, view.getInt32(self + RECENT_TIME, true));
  }
  view.setUint16(self + RECENT + 2 * (packets % RECENT_PACKETS), identity, true);
  view.setInt32(self + RECENT_TIME, timeUs, true);
  return found;
}

function isSoon(timeUs: number, beforeUs: number): boolean {
  return (timeUs - beforeUs) >>> 0 <= COPY_WITHIN_US;
}

/** Sixteen bits over all that a copy repeats; 0 for a pure acknowledgement. */
function unnamedIdentity(packet: IpPacket): number {
  if (packet.payloadLength === 0 && (packet.flags & (SYN | FIN | RST)) === 0) return 0;
  let hash = mixWord(packet.flags | (packet.window << 16), packet.seq);
  hash = mixWord(mixWord(hash, packet.ack), packet.optionsHash);
  return (finishHash(mixWord(hash, packet.payloadLength)) & 0xffff) | 1;
}

/** Brings new data, a new FIN, or acknowledges more than before. */
function advances({ view, self, peer }: Cursor, packet: IpPacket): boolean {
  const { flags } = packet;
  const end = packet.seq + packet.payloadLength + ((flags & SYN) >> 1) + (flags & FIN);
  if (seqBefore(view.getUint32(self + LAST_SEQ, true), end)) return true;
  if ((flags & ACK) === 0 || view.getUint8(peer + STATE) === ENDPOINT.inactive) return false;
  return seqBefore(view.getUint32(peer + ACK_SEQ, true), packet.ack);
}
