import { seqDistance } from "#net/sequence.js";
import { ENDPOINT } from "./endpoint-state.js";
import { SEEN_BIT } from "./history.js";
import {
  ACK_SEQ,
  ACK_WRAPS,
  LAST_SEQ,
  PREVIOUS_STATE,
  SEEN,
  SEQ_WRAPS,
  START_SEQ,
  STATE,
} from "./layout.js";

const SEQUENCE_SPACE = 2 ** 32;

/**
 * Payload bytes that a direction sent, by its sequence numbers and what the other acknowledged: Zeek's
 * TCP_Endpoint::Size. Counts bytes once that were sent twice, and bytes that the capture lost.
 */
export function tcpSize(view: DataView, self: number, peer: number): number {
  if (isAbortedHalfOpen(view, self, peer)) return 0;
  const start = view.getUint32(self + START_SEQ, true);
  const sent =
    view.getUint8(self + SEQ_WRAPS) * SEQUENCE_SPACE + view.getUint32(self + LAST_SEQ, true);
  const acked =
    view.getUint8(self + ACK_WRAPS) * SEQUENCE_SPACE + view.getUint32(self + ACK_SEQ, true);
  const occupied = Math.max(sent, acked) - start;
  // SYN and FIN occupy a number each (RFC 9293 §3.4); without SYN the numbering pretends one.
  const fin = (view.getUint8(self + SEEN) & SEEN_BIT.anyFin) === 0 ? 0 : 1;
  return Math.max(0, occupied - 1 - fin);
}

/** The acknowledgement may belong to the older connection that the other side still had. */
function isAbortedHalfOpen(view: DataView, self: number, peer: number): boolean {
  const acked = seqDistance(
    view.getUint32(self + START_SEQ, true),
    view.getUint32(self + ACK_SEQ, true),
  );
  return (
    view.getUint8(self + PREVIOUS_STATE) === ENDPOINT.synSent &&
    view.getUint8(self + STATE) === ENDPOINT.reset &&
    view.getUint8(peer + STATE) === ENDPOINT.inactive &&
    acked !== 0 &&
    acked !== 1
  );
}
