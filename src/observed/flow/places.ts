/**
 * Where a packet was seen, as one number: the interface, and the tunnels around the packet. The outer
 * addresses of a tunnel are kept without order, so that both directions of the connection inside are
 * at one place; its outer ports are not kept, as each direction of VXLAN has its own.
 */
import type { IpPacket, TunnelKind } from "#observed/decode/packet.js";
import type { AddressTable } from "./address-table.js";
import type { Tunnel } from "./connection.js";
import { InternTable, NOT_INTERNED } from "./intern-table.js";

// Words of a place.
const OUTER_PLACE = 0;
/** Of the interface: its kind and number; of a tunnel: `TUNNEL_KINDS` and the address versions. */
const KIND = 1;
const NUMBER = 2;
const LOW_ADDRESS = 3;
const HIGH_ADDRESS = 4;
const WORDS = 5;

const NO_PLACE = -1;
const OUTER_IPV6 = 1 << 8;

const TUNNEL_KINDS: readonly TunnelKind[] = ["vxlan", "geneve", "gre", "ipip", "6in4", "4in6"];

/** How a file numbers the interface: not at all, by pcapng's interface id, or by the kernel's index. */
export const NUMBERED_BY = { interfaceId: 0, interfaceIndex: 1 } as const;

export interface InterfaceNumber {
  readonly by: (typeof NUMBERED_BY)[keyof typeof NUMBERED_BY];
  readonly number: number;
}

export class Places {
  readonly #table: InternTable;
  readonly #addresses: AddressTable;
  readonly #words = new Int32Array(WORDS);
  #interfaces = 0;
  /** The interface of the packet before: most files have one. */
  #latestBy = -1;
  #latestNumber = -1;
  #latestPlace = NOT_INTERNED;

  constructor({ limit, addresses }: { limit: number; addresses: AddressTable }) {
    this.#table = new InternTable({ width: WORDS, limit });
    this.#addresses = addresses;
  }

  /** How many interfaces showed packets. */
  get interfaces(): number {
    return this.#interfaces;
  }

  /** The place of packets outside tunnels; `NOT_INTERNED` when there are too many. */
  ofInterface(by: InterfaceNumber["by"], number: number): number {
    if (by === this.#latestBy && number === this.#latestNumber) return this.#latestPlace;
    const words = this.#words.fill(0);
    words[OUTER_PLACE] = NO_PLACE;
    words[KIND] = by;
    words[NUMBER] = number;
    const before = this.#table.count;
    this.#latestPlace = this.#table.intern(words);
    this.#latestBy = by;
    this.#latestNumber = number;
    this.#interfaces += this.#table.count - before;
    return this.#latestPlace;
  }

  /** The place of a packet inside a tunnel; `NOT_INTERNED` when there are too many. */
  inTunnel(outerPlace: number, outer: IpPacket, inner: IpPacket): number {
    const source = this.#addresses.word(outer.source, outer.version);
    const destination = this.#addresses.word(outer.destination, outer.version);
    if (outer.version === 6 && (source === NOT_INTERNED || destination === NOT_INTERNED)) {
      return NOT_INTERNED;
    }
    const words = this.#words;
    const kind = inner.tunnel === undefined ? 0 : TUNNEL_KINDS.indexOf(inner.tunnel);
    words[OUTER_PLACE] = outerPlace;
    words[KIND] = kind | (outer.version === 6 ? OUTER_IPV6 : 0);
    words[NUMBER] = inner.tunnelId;
    words[LOW_ADDRESS] = Math.min(source, destination);
    words[HIGH_ADDRESS] = Math.max(source, destination);
    return this.#table.intern(words);
  }

  /** True when the low address of the tunnel is the source of this outer packet. */
  sourceIsLow(outer: IpPacket): boolean {
    const source = this.#addresses.word(outer.source, outer.version);
    return source <= this.#addresses.word(outer.destination, outer.version);
  }

  interfaceOf(place: number): InterfaceNumber {
    let at = place;
    while (this.#table.word(at, OUTER_PLACE) !== NO_PLACE) at = this.#table.word(at, OUTER_PLACE);
    const by =
      this.#table.word(at, KIND) === 0 ? NUMBERED_BY.interfaceId : NUMBERED_BY.interfaceIndex;
    return { by, number: this.#table.word(at, NUMBER) };
  }

  /** Outermost first. Bit n of `sides` says that the source of tunnel n is its low address. */
  tunnelsOf(place: number, sides: number): readonly Tunnel[] {
    const tunnels: Tunnel[] = [];
    const outward: number[] = [];
    for (let at = place; this.#table.word(at, OUTER_PLACE) !== NO_PLACE;) {
      outward.push(at);
      at = this.#table.word(at, OUTER_PLACE);
    }
    for (const at of outward.reverse()) {
      tunnels.push(this.#tunnel(at, (sides & (1 << tunnels.length)) !== 0));
    }
    return tunnels;
  }

  #tunnel(place: number, sourceIsLow: boolean): Tunnel {
    const kindWord = this.#table.word(place, KIND);
    const version = (kindWord & OUTER_IPV6) === 0 ? 4 : 6;
    const low = this.#addresses.format(this.#table.word(place, LOW_ADDRESS), version);
    const high = this.#addresses.format(this.#table.word(place, HIGH_ADDRESS), version);
    return {
      kind: TUNNEL_KINDS[kindWord & 0xff] ?? "vxlan",
      id: this.#table.word(place, NUMBER) >>> 0,
      source: sourceIsLow ? low : high,
      destination: sourceIsLow ? high : low,
    };
  }
}
