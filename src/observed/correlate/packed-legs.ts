import type { Pair } from "#net/types.js";
import { HandshakeNumbers, type ConnectionList } from "#observed/flow/connection-list.js";
import type { Connection, SequenceRange } from "#observed/flow/connection.js";
import { KNOWN, newHandshakes, type Handshakes } from "./handshakes.js";
import type { Legs } from "./legs.js";
import { packedOrder } from "./packed-order.js";

/** Objects kept: what is compared with each other is asked for again soon. */
const MADE_AT_MOST = 4096;

/** The packed connections of several capture points. Those that are asked for are made. */
export class PackedLegs implements Legs {
  readonly handshakes: Handshakes;
  readonly #lists: readonly ConnectionList[];
  /** Where each list starts, were they one behind the other. */
  readonly #starts: readonly number[];
  readonly #places: Int32Array;
  readonly #made = new Map<number, Connection>();

  constructor(lists: readonly ConnectionList[]) {
    this.#lists = lists;
    let start = 0;
    this.#starts = lists.map(({ length }) => (start += length) - length);
    this.#places = packedOrder(lists);
    this.handshakes = this.#handshakes();
  }

  get length(): number {
    return this.#places.length;
  }

  /** Its place in the lists, were they one behind the other. */
  placeInLists(leg: number): number {
    return this.#places[leg] ?? 0;
  }

  at(leg: number): Connection | undefined {
    const known = this.#made.get(leg);
    if (known !== undefined || leg >= this.length) return known;
    const list = this.#listOf(leg);
    const made = this.#lists[list]?.at(this.#placeIn(list, leg));
    if (made === undefined) return undefined;
    if (this.#made.size >= MADE_AT_MOST) this.#made.clear();
    this.#made.set(leg, made);
    return made;
  }

  sequences(leg: number): Pair<SequenceRange | undefined> {
    const list = this.#listOf(leg);
    return this.#lists[list]?.sequences(this.#placeIn(list, leg)) ?? [undefined, undefined];
  }

  #handshakes(): Handshakes {
    const handshakes = newHandshakes(this.length);
    const numbers = new HandshakeNumbers();
    for (let leg = 0; leg < this.length; leg++) {
      const at = this.#listOf(leg);
      const place = this.#placeIn(at, leg);
      const list = this.#lists[at];
      if (!list?.isTcp(place)) {
        handshakes.known[leg] = KNOWN.notTcp;
        continue;
      }
      list.readHandshake(place, numbers);
      handshakes.syn[leg] = numbers.syn;
      handshakes.answer[leg] = numbers.answer;
      handshakes.known[leg] =
        (numbers.knowsSyn ? KNOWN.syn : 0) | (numbers.knowsAnswer ? KNOWN.answer : 0);
    }
    return handshakes;
  }

  #listOf(leg: number): number {
    const place = this.placeInLists(leg);
    let list = this.#starts.length - 1;
    while (list > 0 && (this.#starts[list] ?? 0) > place) list--;
    return list;
  }

  #placeIn(list: number, leg: number): number {
    return this.placeInLists(leg) - (this.#starts[list] ?? 0);
  }
}
