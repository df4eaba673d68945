import type { Pair } from "#net/types.js";
import type { Connection, SequenceRange } from "#observed/flow/connection.js";
import { handshakesOf, type Handshakes } from "./handshakes.js";
import type { Legs } from "./legs.js";

/** Connections that are objects already. */
export class ConnectionLegs implements Legs {
  readonly handshakes: Handshakes;
  readonly #connections: readonly Connection[];

  /** In order. */
  constructor(connections: readonly Connection[]) {
    this.#connections = connections;
    this.handshakes = handshakesOf(connections);
  }

  get length(): number {
    return this.#connections.length;
  }

  at(leg: number): Connection | undefined {
    return this.#connections[leg];
  }

  sequences(leg: number): Pair<SequenceRange | undefined> {
    const [originator, responder] = this.#connections[leg]?.directions ?? [];
    return [originator?.sequence, responder?.sequence];
  }
}
