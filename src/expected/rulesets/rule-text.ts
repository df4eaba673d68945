/**
 * Pieces of a rule as `iptables-save` prints them. It prints what belongs to no module first, in this
 * order: source, destination, interfaces, protocol; then the modules as they were given (iptables
 * v1.8.9 iptables/nft-shared.c nft_rule_print_save).
 */
import type { Address } from "#net/address.js";
import { formatPrefix, type Prefix } from "#net/prefix.js";

/** Pieces that are not there are left out. */
export function ruleText(...pieces: readonly (string | undefined)[]): string {
  return pieces.filter((piece) => piece !== undefined).join(" ");
}

export function from(source: Address | Prefix): string {
  return `-s ${block(source)}`;
}

export function notFrom(source: Address | Prefix): string {
  return `! -s ${block(source)}`;
}

export function to(destination: Address | Prefix): string {
  return `-d ${block(destination)}`;
}

/** iptables-save prints the length of every address. */
function block(place: Address | Prefix): string {
  if (typeof place !== "string") return formatPrefix(place);
  return `${place}/${place.includes(":") ? 128 : 32}`;
}

/** Letters, digits, `_` and `-` stand without quotes (libxtables/xtables.c xtables_save_string). */
export function comment(text: string): string {
  const isPlain = /^[\w-]+$/.test(text);
  const quoted = `"${text.replaceAll(/["\\']/g, String.raw`\$&`)}"`;
  return `-m comment --comment ${isPlain ? text : quoted}`;
}
