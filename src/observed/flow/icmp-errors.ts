/**
 * ICMP errors by the connection they quote: the first few of each, and how many there were. They are no
 * packets of that connection, and `tshark -z conv` does not count them as such either.
 */
import { IP_PROTOCOL } from "#net/protocol.js";
import type { IpPacket } from "#observed/decode/packet.js";

/** Errors kept of one connection; the others are only counted. */
const MAX_ICMP_ERRORS = 4;

// Words of a group, and of each error in it.
const COUNT = 0;
const FIRST_ERROR = 1;
const TYPE_CODE_VERSION = 0;
const FROM = 1;
const PACKET = 2;
const ERROR_WORDS = 3;
const GROUP_WORDS = FIRST_ERROR + MAX_ICMP_ERRORS * ERROR_WORDS;

const FIRST_GROUPS = 16;

export interface KeptIcmpError {
  readonly type: number;
  readonly code: number;
  readonly version: 4 | 6;
  /** Word of the sender's address. */
  readonly from: number;
  /** Ordinal. */
  readonly packet: number;
}

/** Destination unreachable, source quench, redirect, time exceeded, parameter problem (RFC 792). */
export function isIcmpError({ protocol, icmpType }: IpPacket): boolean {
  if (protocol === IP_PROTOCOL.icmp) {
    return (icmpType >= 3 && icmpType <= 5) || icmpType === 11 || icmpType === 12;
  }
  // RFC 4443 §2.1: ICMPv6 errors have the high bit clear.
  return protocol === IP_PROTOCOL.icmp6 && icmpType < 128;
}

export class IcmpErrors {
  #words = new Int32Array(FIRST_GROUPS * GROUP_WORDS);
  #groups = 0;

  /** A new, empty group. */
  add(): number {
    if ((this.#groups + 1) * GROUP_WORDS > this.#words.length) {
      const words = new Int32Array(this.#words.length * 2);
      words.set(this.#words);
      this.#words = words;
    }
    return this.#groups++;
  }

  append(group: number, { type, code, version, from, packet }: KeptIcmpError): void {
    const at = group * GROUP_WORDS;
    const count = this.#words[at + COUNT] ?? 0;
    this.#words[at + COUNT] = count + 1;
    if (count >= MAX_ICMP_ERRORS) return;
    const error = at + FIRST_ERROR + count * ERROR_WORDS;
    this.#words[error + TYPE_CODE_VERSION] = type | (code << 8) | (version << 16);
    this.#words[error + FROM] = from;
    this.#words[error + PACKET] = packet;
  }

  count(group: number): number {
    return this.#words[group * GROUP_WORDS + COUNT] ?? 0;
  }

  kept(group: number): readonly KeptIcmpError[] {
    const kept = Math.min(this.count(group), MAX_ICMP_ERRORS);
    return Array.from({ length: kept }, (_, place) => {
      const error = group * GROUP_WORDS + FIRST_ERROR + place * ERROR_WORDS;
      const packed = this.#words[error + TYPE_CODE_VERSION] ?? 0;
      return {
        type: packed & 0xff,
        code: (packed >> 8) & 0xff,
        version: packed >> 16 === 6 ? 6 : 4,
        from: this.#words[error + FROM] ?? 0,
        packet: (this.#words[error + PACKET] ?? 0) >>> 0,
      };
    });
  }
}
