import { addressBits, addressFromBits, parseAddress, type Address } from "./address.js";

/** A block of addresses, as in `10.233.1.0/24`. */
export interface Prefix {
  readonly address: Address;
  /** 0 to 32 or 128. */
  readonly length: number;
}

/** Reads `10.233.1.0/24`; an address alone is a block of one. Undefined when it is neither. */
export function parsePrefix(text: string): Prefix | undefined {
  const [addressText = "", lengthText, more] = text.split("/");
  const address = parseAddress(addressText);
  if (address === undefined || more !== undefined) return undefined;
  const { width } = addressBits(address);
  if (lengthText === undefined) return { address, length: width };
  const length = Number(lengthText);
  const inRange = /^\d{1,3}$/.test(lengthText) && length <= width;
  return inRange ? { address, length } : undefined;
}

/** True when `address` is of the prefix's family and shares its first `length` bits. */
export function prefixContains(prefix: Prefix, address: Address): boolean {
  const base = addressBits(prefix.address);
  const other = addressBits(address);
  if (base.width !== other.width) return false;
  const shift = BigInt(base.width - prefix.length);
  return base.bits >> shift === other.bits >> shift;
}

export function formatPrefix({ address, length }: Prefix): string {
  return `${address}/${length}`;
}

/** The block of `length` bits that `address` is in; its address has the rest as zeros. */
export function prefixOf(address: Address, length: number): Prefix {
  const { bits, width } = addressBits(address);
  const rest = BigInt(width - length);
  return { address: addressFromBits((bits >> rest) << rest, width), length };
}

/**
 * Blocks that do not cross the Internet: RFC 1918, RFC 6598 (carrier NAT), RFC 3927 and RFC 4291
 * (link local), RFC 4193 (unique local), RFC 1122 (loopback).
 */
const PRIVATE = [
  "10.0.0.0/8",
  "172.16.0.0/12",
  "192.168.0.0/16",
  "100.64.0.0/10",
  "169.254.0.0/16",
  "127.0.0.0/8",
  "fc00::/7",
  "fe80::/10",
  "::1/128",
].flatMap((text) => parsePrefix(text) ?? []);

export function isPrivate(address: Address): boolean {
  return PRIVATE.some((prefix) => prefixContains(prefix, address));
}
