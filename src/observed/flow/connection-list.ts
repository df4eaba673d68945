import type { Pair } from "#net/types.js";
import { IP_PROTOCOL } from "#net/protocol.js";
import { connectionOrder } from "./connection-order.js";
import { recordOffset } from "./connection-table.js";
import type { Connection, SequenceRange } from "./connection.js";
import type { ForwardedClient } from "./forwarded-client.js";
import {
  ACKNOWLEDGED_ISN,
  FIRST_TIME,
  FLAG_ORIGINATOR_HIGH,
  FLAGS,
  HIGH_DIRECTION,
  KEY_PROTOCOL_SHIFT,
  KIND,
  LOW_DIRECTION,
  PACKETS,
  START_SEQ,
  SYNS,
} from "./layout.js";
import { materialise, type Surroundings } from "./materialise.js";
import { sequenceRange } from "./sequence-range.js";

/** What a connection shows of its handshake. Filled again for each. */
export class HandshakeNumbers {
  /** As signed words; 0 where it is not known. The SYN's is also known by what its answer acknowledges. */
  syn = 0;
  answer = 0;
  knowsSyn = false;
  knowsAnswer = false;
}

/**
 * The connections of one capture point by first time, then by tuple. What joins most of them is read
 * from the packed records; a `Connection` is made when one is asked for, and not kept.
 */
export class ConnectionList {
  readonly #surroundings: Surroundings;
  readonly #withoutPackets: Surroundings;
  readonly #forwarded: ReadonlyMap<number, ForwardedClient>;
  readonly #order: Int32Array;

  /** `forwarded`: by the connection's index in the table. */
  constructor(surroundings: Surroundings, forwarded: ReadonlyMap<number, ForwardedClient>) {
    this.#surroundings = surroundings;
    this.#withoutPackets = { ...surroundings, memory: undefined };
    this.#forwarded = forwarded;
    this.#order = connectionOrder(surroundings.table);
  }

  get length(): number {
    return this.#order.length;
  }

  /** What `firstAfterBase` counts from. */
  get baseTime(): Surroundings["baseTime"] {
    return this.#surroundings.baseTime;
  }

  at(place: number): Connection {
    return this.#make(place, this.#surroundings);
  }

  /** The same without what is remembered of single packets, for who only lists it. */
  totalsAt(place: number): Connection {
    return this.#make(place, this.#withoutPackets);
  }

  /** ns. */
  firstAfterBase(place: number): number {
    const { view, record } = this.#record(place);
    return Math.round(view.getFloat64(record + FIRST_TIME, true));
  }

  isTcp(place: number): boolean {
    const { view, record } = this.#record(place);
    const protocol = (view.getInt32(record + KIND, true) >>> KEY_PROTOCOL_SHIFT) & 0xff;
    return protocol === IP_PROTOCOL.tcp;
  }

  /** Of a TCP connection. */
  readHandshake(place: number, into: HandshakeNumbers): void {
    const { view, record } = this.#record(place);
    const [originator, responder] = sidesOf(view, record);
    const hasSyn = view.getUint16(originator + SYNS, true) > 0;
    into.knowsAnswer = view.getUint16(responder + SYNS, true) > 0;
    const isAcknowledged = into.knowsAnswer && view.getUint32(originator + PACKETS, true) === 0;
    into.knowsSyn = hasSyn || isAcknowledged;
    const at = hasSyn ? START_SEQ : ACKNOWLEDGED_ISN;
    into.syn = into.knowsSyn ? view.getInt32(originator + at, true) : 0;
    into.answer = into.knowsAnswer ? view.getInt32(responder + START_SEQ, true) : 0;
  }

  /** Of a TCP connection; as `DirectionFacts.sequence`. */
  sequences(place: number): Pair<SequenceRange | undefined> {
    const { view, record } = this.#record(place);
    const [originator, responder] = sidesOf(view, record);
    return [sequenceRange(view, originator), sequenceRange(view, responder)];
  }

  *[Symbol.iterator](): Generator<Connection, void, undefined> {
    for (let place = 0; place < this.length; place++) yield this.at(place);
  }

  #make(place: number, surroundings: Surroundings): Connection {
    const index = this.#order[place] ?? 0;
    const connection = materialise(index, surroundings);
    const forwarded = this.#forwarded.get(index);
    return forwarded === undefined ? connection : { ...connection, forwarded };
  }

  #record(place: number): { readonly view: DataView; readonly record: number } {
    const index = this.#order[place] ?? 0;
    return { view: this.#surroundings.table.slab(index), record: recordOffset(index) };
  }
}

/** Where the originator's and the responder's direction lie. */
function sidesOf(view: DataView, record: number): Pair<number> {
  const low = record + LOW_DIRECTION;
  const high = record + HIGH_DIRECTION;
  const originatorIsHigh = (view.getUint8(record + FLAGS) & FLAG_ORIGINATOR_HIGH) !== 0;
  return originatorIsHigh ? [high, low] : [low, high];
}
