import type { SequenceRange } from "./connection.js";
import { ENDPOINT } from "./endpoint-state.js";
import { ACK_SEQ, LAST_SEQ, PREVIOUS_STATE, START_SEQ, STATE } from "./layout.js";

/** What a packed TCP direction knows of its sequence numbers; undefined when it knows none. */
export function sequenceRange(view: DataView, side: number): SequenceRange | undefined {
  const isNumbered = sentNumbers(view, side);
  const acknowledged = acknowledgedOf(view, side);
  if (!isNumbered && acknowledged === undefined) return undefined;
  return {
    start: isNumbered ? view.getUint32(side + START_SEQ, true) : undefined,
    end: isNumbered ? view.getUint32(side + LAST_SEQ, true) : undefined,
    acknowledged,
  };
}

/** A lone RST does not count: to a SYN it has the number 0, whatever the stream's (RFC 9293 §3.10.7.1). */
function sentNumbers(view: DataView, side: number): boolean {
  const state = view.getUint8(side + STATE);
  if (state === ENDPOINT.inactive) return false;
  const before = view.getUint8(side + PREVIOUS_STATE);
  return state !== ENDPOINT.reset || before !== ENDPOINT.inactive;
}

/**
 * The record starts `ACK_SEQ` at the start, and of a direction that was not seen at one before the
 * first acknowledgement, so only an advance of it is an acknowledgement: but there is no other way
 * that a direction unseen could have numbers at all.
 */
function acknowledgedOf(view: DataView, side: number): number | undefined {
  const start = view.getUint32(side + START_SEQ, true);
  const acknowledged = view.getUint32(side + ACK_SEQ, true);
  if (acknowledged !== start) return acknowledged;
  if (view.getUint8(side + STATE) !== ENDPOINT.inactive || start === 0) return undefined;
  return (acknowledged + 1) >>> 0;
}
