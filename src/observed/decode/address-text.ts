import { formatIpv4, formatIpv6, type Address } from "#net/address.js";

/** An address of an `IpPacket`: four words, an IPv4 address in the last. */
export function addressText(words: Int32Array, version: 4 | 6): Address {
  if (version === 4) return formatIpv4((words[3] ?? 0) >>> 0);
  const groups: number[] = [];
  for (const four of words) groups.push(four >>> 16, four & 0xffff);
  return formatIpv6(groups);
}
