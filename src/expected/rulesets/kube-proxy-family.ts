import type { Address } from "#net/address.js";
import type { Prefix } from "#net/prefix.js";

/** kube-proxy writes the rules of each family on its own. */
export type Family = "ipv4" | "ipv6";

export function isOfFamily(address: Address, family: Family): boolean {
  return address.includes(":") === (family === "ipv6");
}

export function prefixesOf(prefixes: readonly Prefix[], family: Family): readonly Prefix[] {
  return prefixes.filter(({ address }) => isOfFamily(address, family));
}
