/**
 * Joins TCP connections by both initial sequence numbers: of 200 concurrent connections each had its
 * own pair, and no NAT rewrites them (docs/lab-notes/what-survives-nat.md). Reads columns, so that a million
 * packed connections need no object each.
 */
import { InternTable } from "#observed/flow/intern-table.js";
import type { Connection } from "#observed/flow/connection.js";
import { NAMES } from "./evidence.js";
import type { Groups } from "./groups.js";

/** What each leg showed of its handshake; by the leg's number. */
export interface Handshakes {
  /** Sequence number of the SYN, of the SYN-ACK, as signed words; meaningless where not `known`. */
  readonly syn: Int32Array;
  readonly answer: Int32Array;
  /** `KNOWN` bits. */
  readonly known: Uint8Array;
}

export const KNOWN = { syn: 1, answer: 2, both: 3, notTcp: 4 } as const;

export function newHandshakes(count: number): Handshakes {
  return {
    syn: new Int32Array(count),
    answer: new Int32Array(count),
    known: new Uint8Array(count),
  };
}

export function handshakesOf(connections: readonly Connection[]): Handshakes {
  const handshakes = newHandshakes(connections.length);
  connections.forEach(({ protocol, directions: [request, reply] }, leg) => {
    const syn = request.isn ?? request.acknowledgedIsn;
    const answer = reply.isn;
    handshakes.syn[leg] = syn ?? 0;
    handshakes.answer[leg] = answer ?? 0;
    handshakes.known[leg] =
      protocol === "tcp"
        ? (syn === undefined ? 0 : KNOWN.syn) | (answer === undefined ? 0 : KNOWN.answer)
        : KNOWN.notTcp;
  });
  return handshakes;
}

/** Joins in one pass, in time and memory linear in the legs. */
export function joinByBothNumbers({ syn, answer, known }: Handshakes, groups: Groups): void {
  const pairs = new InternTable({ width: 2, limit: known.length + 1 });
  const firstOf = new Int32Array(known.length);
  const words = new Int32Array(2);
  for (let leg = 0; leg < known.length; leg++) {
    if (known[leg] !== KNOWN.both) continue;
    words[0] = syn[leg] ?? 0;
    words[1] = answer[leg] ?? 0;
    const before = pairs.count;
    const pair = pairs.intern(words);
    if (pair === before) firstOf[pair] = leg;
    else groups.join(firstOf[pair] ?? leg, leg, NAMES.bothNumbers);
  }
}
