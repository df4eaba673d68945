/**
 * IP addresses. Outside the packet path an address is its canonical text (dotted quad; RFC 5952 for
 * IPv6), which compares, sorts into maps and prints as it is.
 */
import { isIPv4, isIPv6 } from "node:net";

export type Address = string;

/** `value` holds the four octets, most significant first, as an unsigned 32-bit number. */
export function formatIpv4(value: number): Address {
  return `${value >>> 24}.${(value >>> 16) & 255}.${(value >>> 8) & 255}.${value & 255}`;
}

/** Eight 16-bit groups to the text of RFC 5952: lower case, the longest run of zeros as `::`. */
export function formatIpv6(groups: readonly number[]): Address {
  const { start, length } = longestZeroRun(groups);
  const text = (from: number, to: number): string =>
    groups
      .slice(from, to)
      .map((group) => group.toString(16))
      .join(":");
  // RFC 5952 §4.2.2: a single zero group is not shortened.
  if (length < 2) return text(0, 8);
  return `${text(0, start)}::${text(start + length, 8)}`;
}

function longestZeroRun(groups: readonly number[]): { start: number; length: number } {
  let best = { start: 0, length: 0 };
  let start = 0;
  for (let at = 0; at <= groups.length; at++) {
    if (groups[at] === 0) continue;
    if (at - start > best.length) best = { start, length: at - start };
    start = at + 1;
  }
  return best;
}

/** The canonical form of an address someone typed, or undefined when it is none. */
export function parseAddress(text: string): Address | undefined {
  if (isIPv4(text)) return text;
  const groups = parseIpv6(text);
  return groups && formatIpv6(groups);
}

/** Eight groups, or undefined. Zones (`fe80::1%eth0`) are not addresses of a packet and are refused. */
function parseIpv6(text: string): number[] | undefined {
  if (!isIPv6(text) || text.includes("%")) return undefined;
  const [head = "", tail] = text.split("::");
  const left = groupsOf(head);
  if (tail === undefined) return left;
  const right = groupsOf(tail);
  return [...left, ...Array<number>(8 - left.length - right.length).fill(0), ...right];
}

function groupsOf(text: string): number[] {
  if (text === "") return [];
  return text.split(":").flatMap((group) => {
    if (!group.includes(".")) return [Number.parseInt(group, 16)];
    const value = ipv4Value(group);
    return [value >>> 16, value & 0xffff];
  });
}

function ipv4Value(text: string): number {
  return text.split(".").reduce((value, octet) => value * 256 + Number(octet), 0);
}

/** The address as an unsigned integer of 32 or 128 bits, for prefixes and for order. */
export function addressBits(address: Address): { bits: bigint; width: 32 | 128 } {
  if (isIPv4(address)) return { bits: BigInt(ipv4Value(address)), width: 32 };
  const groups = parseIpv6(address);
  if (!groups) throw new TypeError(`not an IP address: ${address}`);
  return { bits: groups.reduce((bits, group) => (bits << 16n) | BigInt(group), 0n), width: 128 };
}

/** The inverse of `addressBits`. */
export function addressFromBits(bits: bigint, width: 32 | 128): Address {
  if (width === 32) return formatIpv4(Number(bits));
  return formatIpv6(
    Array.from({ length: 8 }, (_, at) => Number((bits >> BigInt(112 - at * 16)) & 0xffffn)),
  );
}

/** 127.0.0.0/8 (RFC 1122 §3.2.1.3) and ::1 (RFC 4291 §2.5.3). */
export function isLoopback(address: Address): boolean {
  return address.startsWith("127.") || address === "::1";
}
