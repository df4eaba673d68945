/**
 * The two ends of a TCP connection as Zeek follows them, packet by packet, and in Zeek's order:
 * packet_analysis/protocol/tcp/TCPSessionAdapter.cc, `Process`. Where it differs, it says so.
 */
import { seqBefore, seqDistance } from "#net/sequence.js";
import type { IpPacket } from "#observed/decode/packet.js";
import type { Cursor } from "./cursor.js";
import { ENDPOINT, type EndpointState } from "./endpoint-state.js";
import { addLetter, addLetterOnce, addLetterScaled, LETTER, SEEN_BIT } from "./history.js";
import {
  ACKNOWLEDGED_ISN,
  ACK_SEQ,
  ACK_WRAPS,
  countUint16,
  countUint8,
  EXCUSED_SEGMENTS,
  GAPS,
  HOLE_END,
  HOLE_START,
  LAST_SEQ,
  MSS,
  PREVIOUS_STATE,
  REPEATED_FINS,
  REPEATED_SEGMENTS,
  RESETS,
  RESET_SEQ,
  SEEN,
  SEQ_WRAPS,
  START_SEQ,
  STATE,
  SYN_OPTIONS_HASH,
  SYNS,
  WINDOW_SCALE,
  ZERO_WINDOWS,
} from "./layout.js";

export const FIN = 1;
export const SYN = 2;
export const RST = 4;
export const ACK = 16;

/** Bytes. A SYN or RST this far off, or an acknowledgement of 0 this far on, is not believed. */
const TOO_LARGE_SEQ_DELTA = 1 << 20;

// Sequence numbers are signed in here: above 2^31 an unsigned one costs V8 an allocation per call.

/** Takes one segment, no copy of one before, into the record. */
export function followTcp(cursor: Cursor, packet: IpPacket): void {
  const { view, self, peer } = cursor;
  const { flags, payloadLength } = packet;
  const ack = packet.ack | 0;
  const end = (packet.seq + segmentLength(flags, payloadLength)) | 0;

  const state = view.getUint8(self + STATE);
  const starts =
    (state !== ENDPOINT.established || (flags & SYN) !== 0) && startSequence(cursor, packet, end);
  writeHistory(cursor, packet);
  if (packet.window === 0) countZeroWindow(cursor, flags);
  if ((flags & SYN) !== 0) keepSyn(cursor, packet);
  if ((flags & FIN) !== 0) view.setUint8(self + SEEN, view.getUint8(self + SEEN) | SEEN_BIT.anyFin);
  if ((flags & RST) !== 0) countUint16(view, self + RESETS);

  let newlyAcked = 0;
  if ((flags & ACK) !== 0) {
    if (view.getUint8(peer + STATE) === ENDPOINT.inactive) startPeer(cursor, ack);
    else if ((flags & RST) === 0) newlyAcked = advanceAck(cursor, ack);
  }
  if (!starts || (flags & SYN) === 0) advanceSeq(cursor, packet, end);
  moveState(cursor, packet);
  if (newlyAcked > 0) noticeGap(cursor, ack);
}

/** Zeek's get_segment_len: a RST's payload is not part of the stream. */
function segmentLength(flags: number, payloadLength: number): number {
  const control = ((flags & SYN) >> 1) + (flags & FIN);
  return (flags & RST) === 0 ? payloadLength + control : control;
}

/**
 * Zeek's init_endpoint: true when the packet is the first of its numbering. A stream without SYN is
 * numbered as if one had come before.
 */
function startSequence({ view, self }: Cursor, packet: IpPacket, end: number): boolean {
  const seq = packet.seq | 0;
  const state = view.getUint8(self + STATE);
  const isSyn = (packet.flags & SYN) !== 0;
  if (state === ENDPOINT.inactive) {
    if (isSyn) setSequence(view, self, { start: seq, last: end });
    else setSequence(view, self, { start: (seq - 1) | 0, last: seq });
    return true;
  }
  if (!isSyn || !mayRestart(view, self) || seq === view.getInt32(self + START_SEQ, true)) {
    return false;
  }
  setSequence(view, self, { start: seq, last: end });
  return true;
}

function mayRestart(view: DataView, self: number): boolean {
  const state = view.getUint8(self + STATE);
  if (state === ENDPOINT.closed) return false;
  return state !== ENDPOINT.reset || view.getUint8(self + PREVIOUS_STATE) === ENDPOINT.inactive;
}

function setSequence(
  view: DataView,
  direction: number,
  { start, last }: { start: number; last: number },
): void {
  view.setInt32(direction + START_SEQ, start, true);
  view.setInt32(direction + ACK_SEQ, start, true);
  view.setInt32(direction + LAST_SEQ, last, true);
  view.setUint8(direction + SEQ_WRAPS, last >>> 0 < start >>> 0 ? 1 : 0);
  view.setUint8(direction + ACK_WRAPS, 0);
  view.setInt32(direction + HOLE_START, 0, true);
  view.setInt32(direction + HOLE_END, 0, true);
}

/** Zeek's init_peer: the side not seen yet is numbered by what is acknowledged of it. */
function startPeer({ view, peer }: Cursor, ack: number): void {
  const start = (ack - 1) | 0;
  setSequence(view, peer, { start, last: start });
}

/** Zeek's update_history. */
function writeHistory(cursor: Cursor, packet: IpPacket): void {
  const { view, self } = cursor;
  const { flags } = packet;
  const seq = packet.seq | 0;
  switch (flags & (SYN | FIN | RST)) {
    case 0:
      if (packet.payloadLength > 0) addLetterOnce(cursor, LETTER.data, SEEN_BIT.data);
      else if ((flags & ACK) !== 0) addLetterOnce(cursor, LETTER.ack, SEEN_BIT.ack);
      return;
    case SYN: {
      // A SYN with a new number has restarted the sequence by now, except after a FIN or RST.
      const letter = (flags & ACK) === 0 ? LETTER.syn : LETTER.synAck;
      const again = addLetterOnce(cursor, letter, SEEN_BIT.syn);
      if (again && seq !== view.getInt32(self + START_SEQ, true)) addLetter(cursor, letter);
      return;
    }
    case FIN: {
      const again = addLetterOnce(cursor, LETTER.fin, SEEN_BIT.fin);
      const end = (seq + packet.payloadLength + 1) | 0;
      if (!again) return;
      if (end !== view.getInt32(self + LAST_SEQ, true)) addLetter(cursor, LETTER.fin);
      else if (packet.payloadLength === 0) countUint8(view, self + REPEATED_FINS);
      return;
    }
    case RST: {
      const again = addLetterOnce(cursor, LETTER.reset, SEEN_BIT.reset);
      if (again && seq !== view.getInt32(self + RESET_SEQ, true)) addLetter(cursor, LETTER.reset);
      view.setInt32(self + RESET_SEQ, seq, true);
      return;
    }
    default:
      if ((flags & (FIN | RST)) === (FIN | RST)) {
        addLetterOnce(cursor, LETTER.finReset, SEEN_BIT.finReset);
      } else addLetterOnce(cursor, LETTER.multiFlag, SEEN_BIT.multiFlag);
  }
}

/** Zeek's update_window. A zero window with or after a RST, or towards a closed side, says nothing. */
function countZeroWindow(cursor: Cursor, flags: number): void {
  const { view, self, peer } = cursor;
  if ((flags & RST) !== 0 || view.getUint8(self + STATE) === ENDPOINT.reset) return;
  if (view.getUint8(peer + STATE) === ENDPOINT.closed) return;
  addLetterScaled(cursor, LETTER.zeroWindow, countUint16(view, self + ZERO_WINDOWS));
}

function keepSyn({ view, self, peer }: Cursor, packet: IpPacket): void {
  if (countUint16(view, self + SYNS) > 1) return;
  view.setUint16(self + MSS, packet.mss, true);
  view.setInt8(self + WINDOW_SCALE, packet.windowScale);
  view.setUint32(self + SYN_OPTIONS_HASH, packet.optionsHash, true);
  if ((packet.flags & ACK) !== 0 && view.getUint16(peer + SYNS, true) === 0) {
    view.setUint32(peer + ACKNOWLEDGED_ISN, packet.ack - 1, true);
  }
}

/** Zeek's update_ack_seq. Returns by how many bytes the acknowledgement advanced. */
function advanceAck({ view, peer }: Cursor, ack: number): number {
  const before = view.getInt32(peer + ACK_SEQ, true);
  const advance = seqDistance(before, ack);
  if (advance <= 0 || (ack === 0 && advance > TOO_LARGE_SEQ_DELTA)) return 0;
  if (ack >>> 0 < before >>> 0) countUint8(view, peer + ACK_WRAPS);
  view.setInt32(peer + ACK_SEQ, ack, true);
  return advance;
}

/** Zeek's update_last_seq, and the hole that a jump leaves. */
function advanceSeq(cursor: Cursor, packet: IpPacket, end: number): void {
  const { view, self } = cursor;
  const { flags, payloadLength } = packet;
  const seq = packet.seq | 0;
  const last = view.getInt32(self + LAST_SEQ, true);
  const advance = seqDistance(last, end);
  const isFar = advance > TOO_LARGE_SEQ_DELTA || advance < -TOO_LARGE_SEQ_DELTA;
  if (isFar && (flags & (SYN | RST)) !== 0) return;
  const onlySyn = last === ((view.getInt32(self + START_SEQ, true) + 1) | 0);
  const state = view.getUint8(self + STATE);
  // Of a stream above 2 GiB whose SYN and FIN alone were captured, the FIN is believed.
  const believed = (flags & FIN) !== 0 && onlySyn;
  if (!believed && state === ENDPOINT.reset) return;
  if (believed || advance > 0) {
    if (payloadLength > 0 && (flags & RST) === 0) openHole(cursor, seq);
    if (end >>> 0 < last >>> 0) countUint8(view, self + SEQ_WRAPS);
    view.setInt32(self + LAST_SEQ, end, true);
  } else if (payloadLength > 0) countRepeated(cursor, seq, payloadLength);
}

/** Sequence numbers passed over were lost before this point, or come late. One hole is watched. */
function openHole({ view, self }: Cursor, seq: number): void {
  const last = view.getInt32(self + LAST_SEQ, true);
  if (seq === last) return;
  const acked = view.getInt32(self + ACK_SEQ, true);
  const from = seqBefore(last, acked) ? acked : last;
  const isWatching =
    view.getInt32(self + HOLE_START, true) !== view.getInt32(self + HOLE_END, true);
  const isOver = (view.getUint8(self + SEEN) & SEEN_BIT.reset) !== 0;
  if (isWatching || isOver || !seqBefore(from, seq)) return;
  view.setInt32(self + HOLE_START, from, true);
  view.setInt32(self + HOLE_END, seq, true);
}

/** A segment that brings nothing beyond the highest: sent again, or late, or a keep-alive. */
function countRepeated(cursor: Cursor, seq: number, payloadLength: number): void {
  const { view, self } = cursor;
  const count = view.getUint32(self + REPEATED_SEGMENTS, true) + 1;
  view.setUint32(self + REPEATED_SEGMENTS, count, true);
  addLetterScaled(cursor, LETTER.retransmission, count);
  if (fillsHole(cursor, seq, payloadLength) || isKeepAlive(cursor, seq, payloadLength)) {
    countUint16(view, self + EXCUSED_SEGMENTS);
  }
}

function fillsHole({ view, self }: Cursor, seq: number, payloadLength: number): boolean {
  const start = view.getInt32(self + HOLE_START, true);
  const holeEnd = view.getInt32(self + HOLE_END, true);
  const end = (seq + payloadLength) | 0;
  const isOver = (view.getUint8(self + SEEN) & SEEN_BIT.reset) !== 0;
  if (start === holeEnd || isOver) return false;
  if (!seqBefore(seq, holeEnd) || !seqBefore(start, end)) return false;
  if (!seqBefore(start, seq)) {
    view.setInt32(self + HOLE_START, seqBefore(end, holeEnd) ? end : holeEnd, true);
  } else if (!seqBefore(end, holeEnd)) view.setInt32(self + HOLE_END, seq, true);
  return true;
}

/** One byte before the next that is acknowledged already (RFC 9293 §3.8.4). */
function isKeepAlive({ view, self }: Cursor, seq: number, payloadLength: number): boolean {
  const last = view.getInt32(self + LAST_SEQ, true);
  const acked = view.getInt32(self + ACK_SEQ, true);
  return payloadLength === 1 && ((seq + 1) | 0) === last && !seqBefore(acked, last);
}

/**
 * Zeek's Gap: the other side has data that never passed this point, so the capture lost it. Zeek
 * finds it by reassembling; here one hole and the highest number are remembered.
 */
function noticeGap({ view, record, self, peer, isOriginator }: Cursor, ack: number): void {
  const holeStart = view.getInt32(peer + HOLE_START, true);
  const hasHole = holeStart !== view.getInt32(peer + HOLE_END, true);
  const inHole = hasHole && seqBefore(holeStart, ack);
  if (!inHole && !seqBefore(view.getInt32(peer + LAST_SEQ, true), ack)) return;
  if (!isClean(view, self) || !isClean(view, peer)) return;
  if (inHole) view.setInt32(peer + HOLE_END, holeStart, true);
  const sender = { view, record, isOriginator: !isOriginator };
  addLetterScaled(sender, LETTER.gap, countUint8(view, peer + GAPS));
}

/** Zeek's is_clean: elsewhere sequence numbers mislead. */
function isClean(view: DataView, direction: number): boolean {
  const state = view.getUint8(direction + STATE);
  if (state === ENDPOINT.established) return true;
  const before = view.getUint8(direction + PREVIOUS_STATE);
  return state === ENDPOINT.closed && before === ENDPOINT.established;
}

/** Zeek's UpdateStateMachine. */
function moveState(cursor: Cursor, packet: IpPacket): void {
  const { view, self } = cursor;
  switch (view.getUint8(self + STATE)) {
    case ENDPOINT.inactive:
      leaveInactive(cursor, packet);
      return;
    case ENDPOINT.synSent:
    case ENDPOINT.synAckSent:
      if ((packet.flags & FIN) !== 0) setState(view, self, ENDPOINT.closed);
      if ((packet.flags & RST) !== 0) setState(view, self, ENDPOINT.reset);
      return;
    case ENDPOINT.established:
    case ENDPOINT.partial:
      if ((packet.flags & (SYN | FIN | RST)) !== 0) leaveEstablished(cursor, packet.flags);
      return;
    case ENDPOINT.closed:
      leaveClosed(cursor, packet.flags);
      return;
    default:
  }
}

function leaveInactive(cursor: Cursor, { flags, payloadLength }: IpPacket): void {
  const { view, self, peer, isOriginator } = cursor;
  const peerState = view.getUint8(peer + STATE);
  if ((flags & SYN) !== 0) startHandshake(cursor, flags);
  if ((flags & FIN) !== 0) setState(view, self, ENDPOINT.closed);
  if ((flags & RST) !== 0) setState(view, self, ENDPOINT.reset);
  if (view.getUint8(self + STATE) !== ENDPOINT.inactive) return;
  // Some TCPs acknowledge a SYN before they answer it: that is no connection seen in part.
  if (!isOriginator && payloadLength === 0 && peerState === ENDPOINT.synSent) return;
  // The SYN was missed, its SYN-ACK was not.
  const synMissed = (flags & ACK) !== 0 && peerState === ENDPOINT.established;
  setState(view, self, synMissed ? ENDPOINT.established : ENDPOINT.partial);
}

function startHandshake({ view, self, peer, isOriginator }: Cursor, flags: number): void {
  const peerState = view.getUint8(peer + STATE);
  if (!isOriginator) {
    if (peerState === ENDPOINT.synSent) setState(view, peer, ENDPOINT.established);
    setState(view, self, ENDPOINT.established);
  } else if ((flags & ACK) !== 0) setState(view, self, ENDPOINT.synAckSent);
  else if (peerState === ENDPOINT.established) {
    // The SYN-ACK was captured before its SYN. Zeek does this when it had not flipped them yet.
    setState(view, self, ENDPOINT.established);
  } else setState(view, self, ENDPOINT.synSent);
}

function leaveEstablished({ view, self, peer }: Cursor, flags: number): void {
  const isPartial = view.getUint8(self + STATE) === ENDPOINT.partial;
  const peerState = view.getUint8(peer + STATE);
  if (isPartial && (flags & (SYN | ACK)) === SYN && peerState === ENDPOINT.inactive) {
    setState(view, self, ENDPOINT.synSent);
  }
  if ((flags & (FIN | RST)) === FIN) {
    setState(view, self, ENDPOINT.closed);
    // The other sent FIN and then RST: the close was orderly after all.
    const peerWasClosed = view.getUint8(peer + PREVIOUS_STATE) === ENDPOINT.closed;
    if (peerState === ENDPOINT.reset && peerWasClosed) setState(view, peer, ENDPOINT.closed);
  }
  if ((flags & RST) !== 0) setState(view, self, ENDPOINT.reset);
}

function leaveClosed({ view, self, peer }: Cursor, flags: number): void {
  if ((flags & RST) === 0) return;
  // After both FINs a RST changes nothing.
  if (view.getUint8(peer + STATE) !== ENDPOINT.closed) setState(view, self, ENDPOINT.reset);
}

function setState(view: DataView, direction: number, state: EndpointState): void {
  const before = view.getUint8(direction + STATE);
  if (before === state) return;
  view.setUint8(direction + PREVIOUS_STATE, before);
  view.setUint8(direction + STATE, state);
}
