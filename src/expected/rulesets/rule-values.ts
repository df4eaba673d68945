/** Values as iptables writes them. Every reader gives undefined for a form that is not modelled. */
import type { Range } from "#expected/netfilter/rule.js";
import { addressBits, parseAddress } from "#net/address.js";
import { parsePrefix, prefixOf, type Prefix } from "#net/prefix.js";
import { protocolName } from "#net/protocol.js";

/** Names of /etc/protocols that iptables-save prints instead of a number. */
const PROTOCOL_NUMBERS: ReadonlyMap<string, number> = new Map([
  ["icmp", 1],
  ["igmp", 2],
  ["ipencap", 4],
  ["ipip", 4],
  ["tcp", 6],
  ["udp", 17],
  ["dccp", 33],
  ["ipv6", 41],
  ["gre", 47],
  ["esp", 50],
  ["ah", 51],
  ["ipv6-icmp", 58],
  ["icmpv6", 58],
  ["icmp6", 58],
  ["ospf", 89],
  ["pim", 103],
  ["vrrp", 112],
  ["sctp", 132],
  ["udplite", 136],
]);

/** `tcp`, `58`, `ipv6-icmp`, as `protocolName` writes it. */
export function readProtocol(text: string): string | undefined {
  const number = PROTOCOL_NUMBERS.get(text.toLowerCase()) ?? readNumber(text);
  return number === undefined || number > 255 ? undefined : protocolName(number);
}

/** `0x4000`, `16384`. */
export function readNumber(text: string | undefined): number | undefined {
  if (text === undefined || !/^(0x[0-9a-f]{1,8}|\d{1,10})$/i.test(text)) return undefined;
  const value = Number(text);
  return value <= 0xffff_ffff ? value : undefined;
}

/** `0x4000/0xff00`; without a mask all bits count. */
export function readMasked(
  text: string | undefined,
): { readonly value: number; readonly mask: number } | undefined {
  const [valueText, maskText, more] = (text ?? "").split("/");
  const value = readNumber(valueText);
  const mask = maskText === undefined ? 0xffff_ffff : readNumber(maskText);
  if (value === undefined || mask === undefined || more !== undefined) return undefined;
  return { value, mask };
}

/** `10.0.0.0/8`, `10.0.0.0/255.0.0.0`; a mask with holes is not modelled. */
export function readBlock(text: string | undefined): Prefix | undefined {
  const [base = "", mask = ""] = (text ?? "").split("/");
  const length = mask.includes(".") || mask.includes(":") ? maskLength(mask) : undefined;
  if (length === undefined && /[.:]/.test(mask)) return undefined;
  const prefix = parsePrefix(length === undefined ? (text ?? "") : `${base}/${length}`);
  return prefix && prefixOf(prefix.address, prefix.length);
}

function maskLength(text: string): number | undefined {
  const address = parseAddress(text);
  if (address === undefined) return undefined;
  const { bits, width } = addressBits(address);
  const ones = bits.toString(2).padStart(width, "0");
  return /^1*0*$/.test(ones) ? ones.replaceAll("0", "").length : undefined;
}

const LAST_PORT = 65_535;

/** `80`, `1024:65535`, `:1023`, `1024:`; `separator` is `-` where a target writes it. */
export function readRange(text: string, separator: ":" | "-" = ":"): Range | undefined {
  const [firstText = "", lastText, more] = text.split(separator);
  if (more !== undefined || (firstText === "" && (lastText ?? "") === "")) return undefined;
  const first = firstText === "" ? 0 : readPort(firstText);
  const last = lastText === undefined ? first : lastText === "" ? LAST_PORT : readPort(lastText);
  return first === undefined || last === undefined || last < first ? undefined : { first, last };
}

function readPort(text: string): number | undefined {
  if (!/^\d{1,5}$/.test(text)) return undefined;
  return Number(text) <= LAST_PORT ? Number(text) : undefined;
}

/** `80,443,8000:8010`. */
export function readRanges(text: string | undefined): readonly Range[] | undefined {
  return allRead((text ?? "").split(","), (part) => readRange(part));
}

/** All of them, or undefined when one is none. */
export function allRead<Value>(
  texts: readonly string[],
  read: (text: string) => Value | undefined,
): readonly Value[] | undefined {
  const values = texts.map(read);
  return values.every((value) => value !== undefined) ? values : undefined;
}
