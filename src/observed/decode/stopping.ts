/**
 * The ways to stop. A capture may hold millions of packets that all stop alike, and stops are
 * counted by their text: texts are constants or made once per number, not per packet.
 */
import { NEXT, type Cursor, type Next } from "./cursor.js";
import type { DecodeStop } from "./stop.js";

/** What is wrong with a layer. */
export interface Fault {
  /** `TCP options` */
  readonly layer: string;
  readonly reason: string;
}

/** A header of fixed length, or the fixed part of one; `reason` is why a capture cut in it stops. */
export interface Header extends Fault {
  readonly bytes: number;
}

export function header(layer: string, bytes: number): Header {
  return { layer, bytes, reason: `needs ${bytes} bytes, the captured length leaves fewer` };
}

/** Too few bytes for a header: the capture's doing, unless a length in the packet leaves no room. */
export function tooShort(cursor: Cursor, needed: Header): Next {
  switch (whoseDoing(cursor, cursor.offset + needed.bytes)) {
    case "capture":
      return truncated(cursor, needed);
    case "sender": {
      const { layer, bytes } = needed;
      const reason = `needs ${bytes} bytes, the ${cursor.limit} leaves fewer`;
      return malformed(cursor, { layer, reason });
    }
    case "nobody":
      break;
  }
  return NEXT.nothing;
}

/** Who ended a layer that would have to go on up to `neededEnd`. */
function whoseDoing(cursor: Cursor, neededEnd: number): "capture" | "sender" | "nobody" {
  const { end, wireEnd, quotedBy, quoteEnd } = cursor;
  if (!quotedBy) return neededEnd <= wireEnd ? "capture" : "sender";
  if (end < Math.min(wireEnd, quoteEnd)) return "capture";
  // RFC 792 asks for 8 bytes behind the quoted IP header and no more: a short quote is no fault.
  return end === quoteEnd ? "nobody" : "sender";
}

/** A part of variable length, such as options, of which only the start can be read. */
export interface VariablePart {
  readonly cutByCapture: Fault;
  readonly beyondPacket: Fault;
}

export function variablePart(layer: string): VariablePart {
  return {
    cutByCapture: { layer, reason: "the captured length ends inside" },
    beyondPacket: { layer, reason: "its length is beyond the end of the packet" },
  };
}

/** As `tooShort`, for a part that ends at `neededEnd`. */
export function endsInside(cursor: Cursor, neededEnd: number, part: VariablePart): Next {
  switch (whoseDoing(cursor, neededEnd)) {
    case "capture":
      return truncated(cursor, part.cutByCapture);
    case "sender":
      return malformed(cursor, part.beyondPacket);
    case "nobody":
      break;
  }
  return NEXT.nothing;
}

export function truncated(cursor: Cursor, fault: Fault): Next {
  return stop(cursor, "truncated", fault);
}

export function malformed(cursor: Cursor, fault: Fault): Next {
  return stop(cursor, "malformed", fault);
}

/** A quoted packet is read only to find its connection: what else it carries is not missed. */
export function unsupported(cursor: Cursor, fault: Fault): Next {
  return cursor.quotedBy ? NEXT.nothing : stop(cursor, "unsupported", fault);
}

/** The first stop of a record is the one that is kept. */
function stop(cursor: Cursor, kind: DecodeStop["kind"], { layer, reason }: Fault): Next {
  cursor.into.stop ??= { kind, layer, offset: cursor.offset - cursor.start, reason };
  return NEXT.nothing;
}

/** More numbers than any honest capture has; beyond, texts are made per packet. */
const MAX_REMEMBERED = 1024;

/** A fault for each number that is met, made once. */
export function faultPerNumber(describe: (value: number) => Fault): (value: number) => Fault {
  const faults = new Map<number, Fault>();
  return (value) => {
    const known = faults.get(value);
    if (known) return known;
    const fault = describe(value);
    if (faults.size < MAX_REMEMBERED) faults.set(value, fault);
    return fault;
  };
}
