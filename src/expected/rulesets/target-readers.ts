/** What a rule does with a packet that it matches. */
import type { PortChoice, Target, Translation } from "#expected/netfilter/rule.js";
import { addressBits, parseAddress, type Address } from "#net/address.js";
import { readMasked, readNumber, readRange } from "./rule-values.js";
import { strayWords, type RuleOption } from "./rule-words.js";

/** Options by name; a target that has one twice is not modelled. */
type Given = ReadonlyMap<string, string>;

/** Undefined for a form that is not modelled. */
type TargetReader = (given: Given) => Target | undefined;

/** Every target we model. To add one: its line here, its case in `applyTarget()`, a test row. */
const TARGET_READERS: ReadonlyMap<string, TargetReader> = new Map<string, TargetReader>([
  ["ACCEPT", without({ kind: "accept" })],
  ["DROP", without({ kind: "drop" })],
  ["RETURN", without({ kind: "return" })],
  ["REJECT", (given) => ({ kind: "reject", with: given.get("--reject-with") })],
  ["DNAT", (given) => translation("dnat", given.get("--to-destination"), given)],
  ["SNAT", (given) => translation("snat", given.get("--to-source"), given)],
  ["MASQUERADE", (given) => ownAddress("masquerade", given)],
  ["REDIRECT", (given) => ownAddress("redirect", given)],
  ["MARK", (given) => markTarget("packet", given)],
  ["CONNMARK", connectionMark],
  ["NOTRACK", without({ kind: "untrack" })],
  ["CT", (given) => (isOnly(given, ["--notrack"]) ? { kind: "untrack" } : undefined)],
  // They change or tell nothing that decides a packet's way.
  ...["LOG", "NFLOG", "ULOG", "TRACE", "AUDIT", "TCPMSS", "CHECKSUM"].map(
    (name): [string, TargetReader] => [name, () => ({ kind: "no-effect", name })],
  ),
]);

/** `chains` are those of the rule's table: any other word is a target of its own. */
export function readTarget(options: readonly RuleOption[], chains: ReadonlySet<string>): Target {
  const [to, second] = options.filter(({ name }) => name === "-j" || name === "-g");
  if (to === undefined) return { kind: "no-effect", name: undefined };
  if (second !== undefined) {
    return { kind: "unmodelled", name: [...to.values, second.name, ...second.values].join(" ") };
  }
  const [name = ""] = to.values;
  if (to.negated || strayWords(to).length > 0) return unmodelledTarget(to, options);
  if (to.name === "-g") return { kind: "goto", chain: name };
  const own = options.filter(({ module }) => module === "target");
  const given = new Map(own.map(({ name: option, values }) => [option, values[0] ?? ""]));
  const isPlain =
    given.size === own.length &&
    own.every((option) => !option.negated && strayWords(option).length === 0);
  const reader = TARGET_READERS.get(name);
  if (reader === undefined) {
    return chains.has(name) ? { kind: "jump", chain: name } : unmodelledTarget(to, options);
  }
  return (isPlain ? reader(given) : undefined) ?? unmodelledTarget(to, options);
}

function unmodelledTarget(to: RuleOption, options: readonly RuleOption[]): Target {
  const words = options
    .filter(({ module }) => module === "target")
    .flatMap(({ name, values, negated }) => [...(negated ? ["!"] : []), name, ...values]);
  return { kind: "unmodelled", name: [...to.values, ...words].join(" ") };
}

function without(target: Target): TargetReader {
  return (given) => (given.size === 0 ? target : undefined);
}

function isOnly(given: Given, names: readonly string[]): boolean {
  return [...given.keys()].every((name) => names.includes(name)) && given.size > 0;
}

/** `--persistent` only keeps one client on one address of a range. */
const RANDOM = ["--random", "--random-fully"];

function translation(
  kind: "dnat" | "snat",
  to: string | undefined,
  given: Given,
): Target | undefined {
  const known = ["--to-destination", "--to-source", "--persistent", ...RANDOM];
  const read = to === undefined ? undefined : readTranslation(to);
  if (read === undefined || !isOnly(given, known)) return undefined;
  return { kind, addresses: read.addresses, ports: portChoice(read.ports, given) };
}

function portChoice(range: PortChoice["range"], given: Given): PortChoice {
  return { range, isRandom: RANDOM.some((name) => given.has(name)) };
}

/** Addresses of one range that a trace is followed for. */
const MAX_RANGE_ADDRESSES = 256n;

/** `10.0.0.1:80`, `10.0.0.1-10.0.0.9`, `:8080-8090`, `[2001:db8::1]:80`. */
function readTranslation(
  text: string,
): { addresses: Translation["addresses"]; ports: PortChoice["range"] } | undefined {
  const form =
    /^\[([^\]]+)\](?:-\[([^\]]+)\])?(?::([0-9-]+))?$/.exec(text) ??
    /^([0-9.]*)(?:-([0-9.]+))?(?::([0-9-]+))?$/.exec(text) ??
    /^([0-9a-f:]+)(?:-([0-9a-f:]+))?$/i.exec(text);
  if (form === null) return undefined;
  const [, firstText = "", lastText = firstText, portsText] = form;
  const ports = portsText === undefined ? undefined : readRange(portsText, "-");
  if (portsText !== undefined && ports === undefined) return undefined;
  if (firstText === "") return ports && { addresses: undefined, ports };
  const addresses = addressRange(firstText, lastText);
  return addresses && { addresses, ports };
}

function addressRange(
  firstText: string,
  lastText: string,
): { first: Address; last: Address } | undefined {
  const [first, last] = [firstText, lastText].map(parseAddress);
  if (first === undefined || last === undefined) return undefined;
  const from = addressBits(first);
  const to = addressBits(last);
  if (from.width !== to.width || to.bits < from.bits) return undefined;
  return to.bits - from.bits < MAX_RANGE_ADDRESSES ? { first, last } : undefined;
}

function ownAddress(kind: "masquerade" | "redirect", given: Given): Target | undefined {
  const to = given.get("--to-ports") ?? given.get("--to-port");
  const range = to === undefined ? undefined : readRange(to, "-");
  if (to !== undefined && range === undefined) return undefined;
  if (given.size > 0 && !isOnly(given, ["--to-ports", "--to-port", ...RANDOM])) return undefined;
  return { kind, ports: portChoice(range, given) };
}

const ALL_BITS = 0xffff_ffff;

/** How each operation is (mark without mask) xor value (iptables extensions/libxt_MARK.c). */
function markTarget(of: "packet" | "connection", given: Given): Target | undefined {
  const [[name, text] = []] = given;
  const masked = readMasked(text);
  if (given.size !== 1 || masked === undefined) return undefined;
  const { value, mask } = masked;
  switch (name) {
    case "--set-xmark":
      return { kind: "mark", of, value, mask };
    case "--set-mark":
      return { kind: "mark", of, value, mask: (value | mask) >>> 0 };
    case "--or-mark":
      return { kind: "mark", of, value, mask: value };
    case "--and-mark":
      return { kind: "mark", of, value: 0, mask: ~value >>> 0 };
    case "--xor-mark":
      return { kind: "mark", of, value, mask: 0 };
    case undefined:
    default:
      return undefined;
  }
}

function connectionMark(given: Given): Target | undefined {
  const kind = given.has("--save-mark")
    ? "save-mark"
    : given.has("--restore-mark")
      ? "restore-mark"
      : undefined;
  if (kind === undefined) return markTarget("connection", given);
  const known = [`--${kind}`, "--mask", "--nfmask", "--ctmask"];
  const both = given.get("--mask");
  const packetMask = readMask(given.get("--nfmask") ?? both);
  const connectionMask = readMask(given.get("--ctmask") ?? both);
  if (packetMask === undefined || connectionMask === undefined) return undefined;
  return isOnly(given, known) ? { kind, packetMask, connectionMask } : undefined;
}

function readMask(text: string | undefined): number | undefined {
  return text === undefined ? ALL_BITS : readNumber(text);
}
