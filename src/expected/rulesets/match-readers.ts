/** What a rule's options ask of a packet. */
import {
  CONNECTION_STATES,
  TCP_FLAGS,
  type AddressType,
  type ConntrackDirection,
  type End,
  type Match,
  type MatchKind,
  type Range,
  type TcpFlag,
} from "#expected/netfilter/rule.js";
import {
  allRead,
  readBlock,
  readMasked,
  readNumber,
  readProtocol,
  readRange,
  readRanges,
} from "./rule-values.js";
import { strayWords, type RuleOption } from "./rule-words.js";

/** Reads one form of an option; undefined for a form that is not modelled. */
type MatchReader = (value: string, option: RuleOption) => MatchKind | undefined;

/**
 * Every match option we model, that stands alone. To add one: its line here, its case in
 * `plainAnswer()`, a test row.
 */
const MATCH_READERS: ReadonlyMap<string, MatchReader> = new Map<string, MatchReader>([
  ["core -p", protocolMatch("protocol")],
  ["core -s", (value) => addressMatch("source", value)],
  ["core -d", (value) => addressMatch("destination", value)],
  ["core -i", (pattern) => ({ kind: "interface", direction: "in", pattern })],
  ["core -o", (pattern) => ({ kind: "interface", direction: "out", pattern })],
  ["core -f", () => ({ kind: "later-fragment" })],
  ["multiport --sports", portMatch("source")],
  ["multiport --source-ports", portMatch("source")],
  ["multiport --dports", portMatch("destination")],
  ["multiport --destination-ports", portMatch("destination")],
  ["multiport --ports", portMatch("either")],
  ["mark --mark", markMatch("packet")],
  ["connmark --mark", markMatch("connection")],
  ["conntrack --ctstate", stateMatch],
  ["state --state", stateMatch],
  ["conntrack --ctproto", protocolMatch("connection-protocol")],
  ["conntrack --ctdir", (value) => directionMatch(value)],
  ["conntrack --ctorigsrc", connectionAddress("original", "source")],
  ["conntrack --ctorigdst", connectionAddress("original", "destination")],
  ["conntrack --ctreplsrc", connectionAddress("reply", "source")],
  ["conntrack --ctrepldst", connectionAddress("reply", "destination")],
  ["conntrack --ctorigsrcport", connectionPort("original", "source")],
  ["conntrack --ctorigdstport", connectionPort("original", "destination")],
  ["conntrack --ctreplsrcport", connectionPort("reply", "source")],
  ["conntrack --ctrepldstport", connectionPort("reply", "destination")],
  ["physdev --physdev-is-in", () => ({ kind: "bridge-port", is: { ask: "came in by any" } })],
  ["physdev --physdev-is-out", () => ({ kind: "bridge-port", is: { ask: "goes out by any" } })],
  ["physdev --physdev-is-bridged", () => ({ kind: "bridge-port", is: { ask: "is bridged" } })],
  ["physdev --physdev-in", bridgePort("came in by")],
  ["physdev --physdev-out", bridgePort("goes out by")],
  ["icmp --icmp-type", icmpType],
  ["icmp6 --icmpv6-type", icmpType],
  ["icmpv6 --icmpv6-type", icmpType],
  ["tcp --tcp-flags", tcpFlags],
  ["tcp --syn", () => ({ kind: "tcp-flags", mask: ["FIN", "SYN", "RST", "ACK"], set: ["SYN"] })],
  ["set --match-set", setMatch],
  ["length --length", lengthMatch],
  ...["tcp", "udp", "udplite", "sctp", "dccp"].flatMap((module): [string, MatchReader][] => [
    [`${module} --sport`, portMatch("source")],
    [`${module} --source-port`, portMatch("source")],
    [`${module} --dport`, portMatch("destination")],
    [`${module} --destination-port`, portMatch("destination")],
  ]),
]);

/** Modules whose options mean something only together. */
const MODULE_READERS: ReadonlyMap<
  string,
  (options: readonly RuleOption[]) => readonly Match[] | undefined
> = new Map([
  ["addrtype", addressTypes],
  ["statistic", statistic],
  ["recent", recent],
  ["rpfilter", reversePath],
  ["nfacct", accounting],
]);

export interface RuleMatches {
  readonly matches: readonly Match[];
  readonly comment: string | undefined;
}

export function readMatches(options: readonly RuleOption[]): RuleMatches {
  const protocol = options.find(({ name }) => name === "-p")?.values[0];
  const matches: Match[] = [];
  let comment: string | undefined;
  let at = 0;
  for (let option = options[at]; option !== undefined; option = options[at]) {
    const whole = MODULE_READERS.get(option.module);
    const end = whole === undefined ? at + 1 : endOfModule(options, at);
    if (whole !== undefined) {
      const given = options.slice(at, end);
      const isPlain =
        given.every((each) => strayWords(each).length === 0) && !isNegatedModule(option);
      const read = isPlain ? whole(given.filter(({ name }) => name !== "-m")) : undefined;
      matches.push(...(read ?? [unmodelled(given)]));
    } else if (option.name === "-m") {
      if (asksByItself(option, options)) matches.push(unmodelled([option]));
    } else if (isComment(option)) {
      // Written without quotes it is still the only option whose words can be many.
      comment = option.values.join(" ");
    } else {
      matches.push(...readOption(option, protocol));
    }
    at = end;
  }
  return { matches, comment };
}

function isComment({ name, module, values }: RuleOption): boolean {
  const isOne = name === "--comment" && module === "comment";
  return isOne && !values.slice(1).some((word) => word.startsWith("!"));
}

/** Modules that ask nothing beyond `-p` and their options. */
const SILENT: ReadonlySet<string> = new Set(
  "tcp udp udplite sctp dccp icmp icmp6 icmpv6 comment".split(" "),
);

/** `-m socket` asks something without any option of its own. */
function asksByItself(asked: RuleOption, options: readonly RuleOption[]): boolean {
  const { module } = asked;
  if (isNegatedModule(asked) || strayWords(asked).length > 0) return true;
  const isAlone = options.filter((option) => option.module === module).length === 1;
  return isAlone && !SILENT.has(module);
}

function isNegatedModule({ name, negated }: RuleOption): boolean {
  return name === "-m" && negated;
}

function endOfModule(options: readonly RuleOption[], from: number): number {
  const module = options[from]?.module;
  const end = options.findIndex(
    (option, at) => at > from && (option.module !== module || option.name === "-m"),
  );
  return end < 0 ? options.length : end;
}

/** `-p all` and `-p 0` ask nothing; `-4` and `-6` only who reads the rule. */
function readOption(option: RuleOption, protocol: string | undefined): readonly Match[] {
  const { name, values, negated, module } = option;
  const [value = ""] = values;
  if (strayWords(option).length > 0) return [unmodelled([option])];
  if (module === "core" && (name === "-4" || name === "-6")) return [];
  if (name === "-p" && (value === "all" || value === "0") && !negated) return [];
  // iptables loads a protocol's module by itself, so its options can follow another's.
  const reader = MATCH_READERS.get(`${module} ${name}`) ?? MATCH_READERS.get(`${protocol} ${name}`);
  const match = reader?.(value, option);
  return [match ? { ...match, negated } : unmodelled([option])];
}

function unmodelled(options: readonly RuleOption[]): Match {
  const [first] = options;
  const words = options.flatMap((option) => {
    const { name, values, negated } = option;
    return name === "-m" ? strayWords(option) : [...(negated ? ["!"] : []), name, ...values];
  });
  const module = first === undefined || first.module === "core" ? [] : ["-m", first.module];
  return { kind: "unmodelled", option: [...module, ...words].join(" "), negated: false };
}

function protocolMatch(kind: "protocol" | "connection-protocol"): MatchReader {
  return (value) => {
    const protocol = readProtocol(value);
    return protocol === undefined ? undefined : { kind, protocol };
  };
}

function addressMatch(end: End, value: string): MatchKind | undefined {
  const prefix = readBlock(value);
  return prefix && { kind: "address", end, prefix };
}

function portMatch(end: End | "either"): MatchReader {
  return (value, { module }) => {
    const ranges = module === "multiport" ? readRanges(value) : oneRange(value);
    return ranges && { kind: "port", end, ranges };
  };
}

function oneRange(value: string): readonly Range[] | undefined {
  const range = readRange(value);
  return range && [range];
}

function markMatch(of: "packet" | "connection"): MatchReader {
  return (text) => {
    const masked = readMasked(text);
    return masked && { kind: "mark", of, ...masked };
  };
}

function stateMatch(value: string): MatchKind | undefined {
  const states = allRead(value.split(","), (text) => CONNECTION_STATES.find((s) => s === text));
  return states && { kind: "connection-state", states };
}

function directionMatch(value: string): MatchKind | undefined {
  if (value === "ORIGINAL") return { kind: "connection-direction", direction: "original" };
  if (value === "REPLY") return { kind: "connection-direction", direction: "reply" };
  return undefined;
}

function connectionAddress(tuple: ConntrackDirection, end: End): MatchReader {
  return (value) => {
    const prefix = readBlock(value);
    return prefix && { kind: "connection-address", tuple, end, prefix };
  };
}

function connectionPort(tuple: ConntrackDirection, end: End): MatchReader {
  return (value) => {
    const ranges = oneRange(value);
    return ranges && { kind: "connection-port", tuple, end, ranges };
  };
}

function bridgePort(ask: "came in by" | "goes out by"): MatchReader {
  return (pattern) => ({ kind: "bridge-port", is: { ask, pattern } });
}

/** Names that iptables-save never prints and people type. */
const ICMP_NAMES: ReadonlyMap<string, string> = new Map([
  ["any", "255"],
  ["echo-request", "8"],
  ["echo-reply", "0"],
  ["destination-unreachable", "3"],
  ["time-exceeded", "11"],
]);

/** `8`, `3/4`. */
function icmpType(text: string, { name }: RuleOption): MatchKind | undefined {
  const number = name === "--icmp-type" ? (ICMP_NAMES.get(text) ?? text) : text;
  const [typeText, codeText] = number.split("/");
  const type = readNumber(typeText);
  const code = codeText === undefined ? undefined : readNumber(codeText);
  if (type === undefined || (codeText !== undefined && code === undefined)) return undefined;
  return { kind: "icmp-type", type, codes: { first: code ?? 0, last: code ?? 255 } };
}

/** `FIN,SYN,RST,ACK SYN`. */
function tcpFlags(_: string, { values }: RuleOption): MatchKind | undefined {
  const [mask, set] = values.map(flagList);
  return mask && set && { kind: "tcp-flags", mask, set };
}

function flagList(text: string): readonly TcpFlag[] | undefined {
  if (text === "NONE") return [];
  if (text === "ALL") return TCP_FLAGS;
  return allRead(text.split(","), (word) => TCP_FLAGS.find((flag) => flag === word));
}

function lengthMatch(value: string): MatchKind | undefined {
  const range = readRange(value);
  return range && { kind: "length", range };
}

/** `NAME src,dst`; the options that follow it look at the members' counters. */
function setMatch(name: string, { values }: RuleOption): MatchKind | undefined {
  const parts = allRead((values[1] ?? "").split(","), (text) =>
    text === "src" || text === "dst" ? text : undefined,
  );
  return parts && values.length === 2 ? { kind: "set", name, parts } : undefined;
}

const ADDRESS_TYPES = ["LOCAL", "UNICAST", "BROADCAST", "MULTICAST"] as const;

function addressTypes(options: readonly RuleOption[]): readonly Match[] | undefined {
  const limits = new Set(options.map(({ name }) => LIMITS.get(name)).filter(Boolean));
  if (limits.size > 1) return undefined;
  const [limit] = limits;
  return allReadOptions(
    options.filter(({ name }) => !LIMITS.has(name)),
    ({ name, values, negated }) => {
      const end = TYPE_ENDS.get(name);
      const types = allRead((values[0] ?? "").split(","), (text): AddressType | undefined =>
        ADDRESS_TYPES.find((type) => type === text),
      );
      return end && types && { kind: "address-type", end, types, limit, negated };
    },
  );
}

const LIMITS: ReadonlyMap<string, "in" | "out"> = new Map([
  ["--limit-iface-in", "in"],
  ["--limit-iface-out", "out"],
]);

const TYPE_ENDS: ReadonlyMap<string, End> = new Map([
  ["--src-type", "source"],
  ["--dst-type", "destination"],
]);

/** A random draw, or one in every `--every` packets, whose count nobody knows. */
function statistic(options: readonly RuleOption[]): readonly Match[] | undefined {
  const value = (name: string): string | undefined =>
    options.find((option) => option.name === name)?.values[0];
  const mode = value("--mode");
  const given = mode === "random" ? value("--probability") : value("--every");
  const number = Number(given ?? "");
  const probability = mode === "random" ? number : 1 / number;
  if (mode !== "random" && mode !== "nth") return undefined;
  if (given === undefined || !(probability >= 0 && probability <= 1)) return undefined;
  const negated = options.some((option) => option.negated);
  return [{ kind: "chance", probability, negated }];
}

/** `--validmark` brings the mark into the look-up, which only rules of one's own would ask. */
const RPFILTER_OPTIONS: ReadonlySet<string> = new Set([
  "--loose",
  "--validmark",
  "--accept-local",
  "--invert",
]);

function reversePath(options: readonly RuleOption[]): readonly Match[] | undefined {
  const names = new Set(options.map(({ name }) => name));
  if (![...names].every((name) => RPFILTER_OPTIONS.has(name))) return undefined;
  return [
    {
      kind: "reverse-path",
      isLoose: names.has("--loose"),
      acceptsLocal: names.has("--accept-local"),
      negated: names.has("--invert"),
    },
  ];
}

const RECENT_OPERATIONS = new Map([
  ["--set", "set"],
  ["--rcheck", "check"],
  ["--update", "check"],
  ["--remove", "remove"],
] as const);

/** Options of `-m recent` that only say how recent, and in which list. */
const RECENT_DETAILS: ReadonlySet<string> = new Set([
  "--name",
  "--seconds",
  "--reap",
  "--hitcount",
  "--rttl",
  "--rsource",
  "--mask",
]);

function recent(options: readonly RuleOption[]): readonly Match[] | undefined {
  const operations = options.flatMap(({ name, negated }) => {
    const operation = [...RECENT_OPERATIONS].find(([known]) => known === name)?.[1];
    return operation ? [{ operation, negated }] : [];
  });
  const [only, more] = operations;
  const rest = options.length - operations.length;
  const details = options.filter(({ name }) => RECENT_DETAILS.has(name)).length;
  if (only === undefined || more !== undefined || rest !== details) return undefined;
  const name = options.find((option) => option.name === "--name")?.values[0] ?? "DEFAULT";
  return [{ kind: "recent", name, ...only }];
}

/**
 * kube-proxy's two counters, since 1.32: they count, and a counter without a quota says yes to all
 * (linux net/netfilter/xt_nfacct.c). Others may have a quota.
 */
const COUNTERS: ReadonlySet<string> = new Set([
  "ct_state_invalid_dropped_pkts",
  "localhost_nps_accepted_pkts",
]);

function accounting(options: readonly RuleOption[]): readonly Match[] | undefined {
  const isKnown = options.every(
    ({ name, values }) => name === "--nfacct-name" && COUNTERS.has(values[0] ?? ""),
  );
  return isKnown ? [] : undefined;
}

function allReadOptions(
  options: readonly RuleOption[],
  read: (option: RuleOption) => Match | undefined,
): readonly Match[] | undefined {
  const matches = options.map(read);
  return matches.every((match) => match !== undefined) ? matches : undefined;
}
