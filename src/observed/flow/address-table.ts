/**
 * One word for an address: an IPv4 address is its own, an IPv6 address its number here.
 */
import { formatIpv4, type Address } from "#net/address.js";
import { addressText } from "#observed/decode/address-text.js";
import { InternTable } from "./intern-table.js";

export class AddressTable {
  readonly #ipv6: InternTable;

  /** `limit`: IPv6 addresses at most. */
  constructor(limit: number) {
    this.#ipv6 = new InternTable({ width: 4, limit });
  }

  /** For IPv6, `NOT_INTERNED` when the table is full; any value may be an IPv4 address. */
  word(address: Int32Array, version: 4 | 6): number {
    return version === 4 ? (address[3] ?? 0) : this.ipv6Word(address);
  }

  /** `NOT_INTERNED` when the table is full. */
  ipv6Word(address: Int32Array): number {
    return this.#ipv6.intern(address);
  }

  format(word: number, version: 4 | 6): Address {
    if (version === 4) return formatIpv4(word >>> 0);
    return addressText(
      Int32Array.from({ length: 4 }, (_, at) => this.#ipv6.word(word, at)),
      6,
    );
  }

  /** The address in network byte order. */
  bytes(word: number, version: 4 | 6): Uint8Array {
    const bytes = new Uint8Array(version === 4 ? 4 : 16);
    if (version === 4) putWord(bytes, 0, word);
    else for (let at = 0; at < 4; at++) putWord(bytes, 4 * at, this.#ipv6.word(word, at));
    return bytes;
  }
}

function putWord(bytes: Uint8Array, at: number, word: number): void {
  bytes[at] = word >>> 24;
  bytes[at + 1] = word >>> 16;
  bytes[at + 2] = word >>> 8;
  bytes[at + 3] = word;
}
