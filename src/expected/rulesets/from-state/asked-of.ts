/** What a rule asks of a packet, one thing at a time. */
import type { End, Match, Rule } from "#expected/netfilter/rule.js";
import type { Prefix } from "#net/prefix.js";

type MatchOf<Kind extends Match["kind"]> = Extract<Match, { readonly kind: Kind }>;

/** The first match of that kind; undefined where the rule does not ask. */
export function askedOf<Kind extends Match["kind"]>(
  rule: Rule,
  kind: Kind,
): MatchOf<Kind> | undefined {
  return rule.matches.find((match): match is MatchOf<Kind> => match.kind === kind);
}

/** The block that an end must be in; undefined where the rule does not ask, or asks for the rest. */
export function blockAsked(rule: Rule, end: End): Prefix | undefined {
  const match = addressMatch(rule, end);
  return match?.negated === false ? match.prefix : undefined;
}

/** The block that an end must not be in. */
export function blockExcluded(rule: Rule, end: End): Prefix | undefined {
  const match = addressMatch(rule, end);
  return match?.negated === true ? match.prefix : undefined;
}

function addressMatch({ matches }: Rule, end: End): MatchOf<"address"> | undefined {
  return matches.find(
    (match): match is MatchOf<"address"> => match.kind === "address" && match.end === end,
  );
}

/** The one destination port that it asks for. */
export function portAsked({ matches }: Rule): number | undefined {
  for (const match of matches) {
    if (match.kind !== "port" || match.end === "source" || match.negated) continue;
    const [range, ...others] = match.ranges;
    if (range && others.length === 0 && range.first === range.last) return range.first;
  }
  return undefined;
}

export type Transport = "tcp" | "udp" | "sctp";

export function transportAsked(rule: Rule): Transport | undefined {
  const match = askedOf(rule, "protocol");
  if (match === undefined || match.negated) return undefined;
  return TRANSPORTS.find((known) => known === match.protocol);
}

const TRANSPORTS: readonly Transport[] = ["tcp", "udp", "sctp"];

/** The interface that it asks for by its whole name. */
export function interfaceAsked(rule: Rule, direction: "in" | "out"): string | undefined {
  return interfaceMatch(rule, direction, "is");
}

/** The interface that it leaves out. */
export function interfaceExcluded(rule: Rule, direction: "in" | "out"): string | undefined {
  return interfaceMatch(rule, direction, "is not");
}

function interfaceMatch(
  { matches }: Rule,
  direction: "in" | "out",
  which: "is" | "is not",
): string | undefined {
  for (const match of matches) {
    if (match.kind !== "interface" || match.direction !== direction) continue;
    if (match.negated === (which === "is not")) return match.pattern;
  }
  return undefined;
}

/** The chain that it leads on to. */
export function chainAsked({ target }: Rule): string | undefined {
  return target.kind === "jump" || target.kind === "goto" ? target.chain : undefined;
}

/** Where its DNAT leads: one address, and a port unless that stays. */
export function dnatOf({ target }: Rule) {
  if (target.kind !== "dnat" || target.addresses === undefined) return undefined;
  const { addresses, ports } = target;
  if (addresses.first !== addresses.last) return undefined;
  const { range } = ports;
  if (range !== undefined && range.first !== range.last) return undefined;
  return { address: addresses.first, port: range?.first };
}
