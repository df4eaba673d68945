/**
 * Zeek's connection history: one letter for each thing that happened, in order, upper case the
 * originator's (scripts/base/protocols/conn/main.zeek). S SYN, H SYN-ACK, A pure ACK, D payload,
 * F FIN, R RST, G gap, T retransmitted payload, W zero window, I and Q contradictory flags, ^ flipped.
 *
 * C, a bad checksum, never occurs: with offload every packet leaves its host with an unfinished one,
 * so at a bridge or veth it says nothing about the network.
 */
import type { Cursor } from "./cursor.js";
import { HISTORY, HISTORY_LENGTH, SEEN } from "./layout.js";

/** Letters kept. Only RSTs with ever new sequence numbers make more, and they say nothing new. */
const MAX_HISTORY = 24;

const LETTERS_PER_WORD = 6;
const BITS_PER_LETTER = 5;

/** A letter's code is its place here; the responder's is 16 more. */
const ORIGINATOR_LETTERS = "^SHADFRGTWIQ";
const RESPONDER_LETTERS = "^shadfrgtwiq";
const RESPONDER_CODE = 16;

export const LETTER = {
  flipped: 0,
  syn: 1,
  synAck: 2,
  ack: 3,
  data: 4,
  fin: 5,
  reset: 6,
  gap: 7,
  retransmission: 8,
  zeroWindow: 9,
  finReset: 10,
  multiFlag: 11,
} as const;

/** Whose letter it is. */
type Author = Pick<Cursor, "view" | "record" | "isOriginator">;

type Letter = (typeof LETTER)[keyof typeof LETTER];

/** What a direction has shown, so that its letter is written once: bits of `SEEN`. */
export const SEEN_BIT = {
  syn: 1,
  fin: 2,
  reset: 4,
  finReset: 8,
  data: 16,
  ack: 32,
  multiFlag: 64,
  /** Any packet with FIN, contradictory or not; has no letter. */
  anyFin: 128,
} as const;

/** Adds a letter of the cursor's direction; a record that is full keeps what it has. */
export function addLetter({ view, record, isOriginator }: Author, letter: Letter): void {
  const length = view.getUint8(record + HISTORY_LENGTH);
  if (length >= MAX_HISTORY) return;
  const code = isOriginator ? letter : letter + RESPONDER_CODE;
  const at = record + HISTORY + 4 * Math.floor(length / LETTERS_PER_WORD);
  const shift = (length % LETTERS_PER_WORD) * BITS_PER_LETTER;
  view.setUint32(at, view.getUint32(at, true) | (code << shift), true);
  view.setUint8(record + HISTORY_LENGTH, length + 1);
}

/** Adds a letter unless the direction already has it; true when it has. */
export function addLetterOnce(cursor: Cursor, letter: Letter, bit: number): boolean {
  const { view, self } = cursor;
  const seen = view.getUint8(self + SEEN);
  if ((seen & bit) !== 0) return true;
  view.setUint8(self + SEEN, seen | bit);
  addLetter(cursor, letter);
  return false;
}

/** Zeek's logarithmic letters: written at the 1st, 10th, 100th … occurrence. */
export function addLetterScaled(author: Author, letter: Letter, occurrence: number): void {
  let power = 1;
  while (power < occurrence) power *= 10;
  if (power === occurrence) addLetter(author, letter);
}

export function readHistory(view: DataView, record: number): string {
  let history = "";
  for (let place = 0; place < view.getUint8(record + HISTORY_LENGTH); place++) {
    const word = view.getUint32(record + HISTORY + 4 * Math.floor(place / LETTERS_PER_WORD), true);
    const code = (word >>> ((place % LETTERS_PER_WORD) * BITS_PER_LETTER)) & 31;
    const letters = code < RESPONDER_CODE ? ORIGINATOR_LETTERS : RESPONDER_LETTERS;
    history += letters.charAt(code & (RESPONDER_CODE - 1));
  }
  return history;
}
