/** What a rule's match says of a packet. */
import { prefixContains, type Prefix } from "#net/prefix.js";
import type { Address } from "#net/address.js";
import {
  isDestinationTranslated,
  isSourceTranslated,
  type ConntrackEntry,
  type Tracking,
} from "./conntrack.js";
import type { Hook } from "./hook.js";
import { isInSet } from "./ip-set.js";
import type { NodeState } from "./node-state.js";
import type { Packet } from "./packet.js";
import type { PredictedEndpoint, PredictedPort, PredictedTuple } from "./predicted-tuple.js";
import { addressType, findInterface, routeTo } from "./routing.js";
import type { ConnectionStateWord, Match, MatchKind, Range } from "./rule.js";

/** `unknown` and `assumed` say in a clause what is not known; `chance` is the probability of a yes. */
export type Answer =
  | { readonly is: "yes" | "no" }
  | { readonly is: "chance"; readonly probability: number }
  | { readonly is: "assumed"; readonly answer: "yes" | "no"; readonly assumption: string }
  | { readonly is: "unknown"; readonly why: string };

export interface Asked {
  readonly packet: Packet;
  readonly hook: Hook;
  readonly node: NodeState;
}

const YES: Answer = { is: "yes" };
const NO: Answer = { is: "no" };
const yesIf = (value: boolean): Answer => (value ? YES : NO);
const unknown = (why: string): Answer => ({ is: "unknown", why });

export function answerTo(match: Match, asked: Asked): Answer {
  const answer = plainAnswer(match, asked);
  return match.negated ? negate(answer) : answer;
}

function negate(answer: Answer): Answer {
  switch (answer.is) {
    case "yes":
      return NO;
    case "no":
      return YES;
    case "chance":
      return { is: "chance", probability: 1 - answer.probability };
    case "assumed":
      return { ...answer, answer: answer.answer === "yes" ? "no" : "yes" };
    case "unknown":
      return answer;
  }
}

function plainAnswer(match: MatchKind, asked: Asked): Answer {
  const { packet, node } = asked;
  const { tuple, tracking } = packet;
  switch (match.kind) {
    case "protocol":
      return yesIf(match.protocol === tuple.protocol);
    case "address":
      return yesIf(isIn(match.prefix, tuple[match.end].address));
    case "port":
      return match.end === "either"
        ? either(inRanges(tuple.source.port, match), inRanges(tuple.destination.port, match))
        : inRanges(tuple[match.end].port, match);
    case "interface":
      return interfaceAnswer(match, asked);
    case "address-type": {
      const device = match.limit && packet[match.limit];
      const type = addressType(node, { address: tuple[match.end].address, device });
      return yesIf(match.types.includes(type));
    }
    case "mark": {
      const mark = match.of === "packet" ? packet.mark : tracking.entry.mark;
      return yesIf((mark & match.mask) >>> 0 === match.value);
    }
    case "connection-state":
      return yesIf(match.states.some((state) => isInState(tracking, state)));
    case "connection-address":
    case "connection-port":
    case "connection-protocol":
    case "connection-direction":
      return connectionAnswer(match, tracking);
    case "chance":
      return { is: "chance", probability: match.probability };
    case "recent":
      return recentAnswer(match, tuple);
    case "bridge-port":
      return bridgePortAnswer(match, packet);
    case "icmp-type":
      return icmpAnswer(match, packet);
    case "tcp-flags": {
      if (tuple.protocol !== "tcp") return NO;
      const examined = match.mask.filter((flag) => packet.tcpFlags.includes(flag));
      return yesIf(
        examined.length === match.set.length && match.set.every((flag) => examined.includes(flag)),
      );
    }
    case "later-fragment":
      // The packets of the model are whole.
      return NO;
    case "length":
      return lengthAnswer(match.range, packet.lengthBytes);
    case "reverse-path":
      return yesIf(hasReversePath(match, asked));
    case "set": {
      const set = node.sets.get(match.name);
      if (set === undefined) return unknown(`the members of set ${match.name} are not given`);
      const isMember = isInSet(set, match.parts, tuple);
      return isMember === undefined
        ? unknown(`set ${match.name} is of a type that is not modelled`)
        : yesIf(isMember);
    }
    case "unmodelled":
      return unknown(`${match.option} is not modelled`);
  }
}

/** Most rules of a node name one address, which compares as text. */
function isIn(prefix: Prefix, address: Address): boolean {
  if (prefix.address === address) return true;
  const isWhole = prefix.length === (prefix.address.includes(":") ? 128 : 32);
  return !isWhole && prefixContains(prefix, address);
}

function inRanges(port: PredictedPort, { ranges }: { readonly ranges: readonly Range[] }): Answer {
  if (ranges.some(({ first, last }) => first === 0 && last === 65_535)) return YES;
  if (port === "any") return unknown("a rule asks for a port that the kernel drew at random");
  return yesIf(ranges.some(({ first, last }) => first <= port && port <= last));
}

/** linux net/ipv4/netfilter/ipt_rpfilter.c: by a look-up of its own, whatever the sysctl says. */
function hasReversePath(
  { isLoose, acceptsLocal }: Extract<MatchKind, { kind: "reverse-path" }>,
  { packet, node }: Asked,
): boolean {
  const device = packet.in ?? "";
  if (findInterface(node, device)?.isLoopback) return true;
  const back = routeTo(node, packet.tuple.source.address);
  if (back?.type === "local") return acceptsLocal;
  if (back?.type !== "unicast") return false;
  return isLoose || back.hops.some((hop) => hop.device === device);
}

function lengthAnswer(asked: Range, possible: Range): Answer {
  if (asked.first <= possible.first && possible.last <= asked.last) return YES;
  if (possible.last < asked.first || asked.last < possible.first) return NO;
  return unknown("the length of the packet is not given");
}

function either(a: Answer, b: Answer): Answer {
  if (a.is === "yes" || b.is === "yes") return YES;
  return a.is === "unknown" ? a : b;
}

function interfaceAnswer(
  { direction, pattern }: Extract<MatchKind, { kind: "interface" }>,
  { packet, hook }: Asked,
): Answer {
  // Older kernels hand postrouting no in device, newer ones do.
  if (direction === "in" && hook === "postrouting")
    return unknown(`-i ${pattern} in postrouting is not modelled`);
  const isKnown = direction === "in" ? HAS_IN.has(hook) : HAS_OUT.has(hook);
  return yesIf(isKnown && matchesInterface(pattern, packet[direction]));
}

const HAS_IN: ReadonlySet<Hook> = new Set(["prerouting", "input", "forward"]);
const HAS_OUT: ReadonlySet<Hook> = new Set(["forward", "output", "postrouting"]);

/** `veth+` is every interface whose name begins so. */
function matchesInterface(pattern: string, name: string | undefined): boolean {
  if (name === undefined) return false;
  return pattern.endsWith("+") ? name.startsWith(pattern.slice(0, -1)) : name === pattern;
}

function isInState({ state, entry }: Tracking, word: ConnectionStateWord): boolean {
  switch (word) {
    case "SNAT":
      return state !== "invalid" && state !== "untracked" && isSourceTranslated(entry);
    case "DNAT":
      return state !== "invalid" && state !== "untracked" && isDestinationTranslated(entry);
    case "NEW":
    case "ESTABLISHED":
    case "RELATED":
    case "INVALID":
    case "UNTRACKED":
      return state === word.toLowerCase();
  }
}

type ConnectionMatch = Extract<
  MatchKind,
  {
    kind: "connection-address" | "connection-port" | "connection-protocol" | "connection-direction";
  }
>;

function connectionAnswer(match: ConnectionMatch, { state, direction, entry }: Tracking): Answer {
  if (state === "invalid" || state === "untracked") return NO;
  switch (match.kind) {
    case "connection-address":
      return yesIf(isIn(match.prefix, endOf(entry, match).address));
    case "connection-port":
      return inRanges(endOf(entry, match).port, match);
    case "connection-protocol":
      return yesIf(entry.original.protocol === match.protocol);
    case "connection-direction":
      return yesIf(direction === match.direction);
  }
}

function endOf(
  entry: ConntrackEntry,
  { tuple, end }: Extract<ConnectionMatch, { end: unknown }>,
): PredictedEndpoint {
  return entry[tuple][end];
}

/**
 * kube-proxy keeps ClientIP affinity in lists of recent sources, one per endpoint. Which sources are
 * in a list nobody printed; a client is taken to come for the first time.
 */
function recentAnswer(
  { operation, name }: Extract<MatchKind, { kind: "recent" }>,
  { source }: PredictedTuple,
): Answer {
  if (operation === "set") return YES;
  const assumption = `${source.address} has no recent connection in the list ${name}`;
  return { is: "assumed", answer: "no", assumption };
}

/**
 * Without a bridge every question is answered no (linux net/netfilter/xt_physdev.c); of a frame that
 * a bridge hands to the node, only where it came in is known.
 */
function bridgePortAnswer(
  { is }: Extract<MatchKind, { kind: "bridge-port" }>,
  { bridgePort }: Packet,
): Answer {
  if (bridgePort === undefined) return NO;
  if (is.ask === "came in by any") return YES;
  if (is.ask !== "came in by") return unknown("the bridge port it leaves by is not modelled");
  if (bridgePort.name === undefined) {
    return unknown("the bridge port it came in by is not given");
  }
  return yesIf(matchesInterface(is.pattern, bridgePort.name));
}

function icmpAnswer(
  { type, codes }: Extract<MatchKind, { kind: "icmp-type" }>,
  { tuple, icmp }: Packet,
): Answer {
  if (tuple.protocol !== "icmp" && tuple.protocol !== "icmp6") return NO;
  if (type === ANY_ICMP_TYPE) return YES;
  if (icmp === undefined) return unknown("the type of the ICMP packet is not given");
  return yesIf(icmp.type === type && codes.first <= icmp.code && icmp.code <= codes.last);
}

/** `--icmp-type any` (iptables extensions/libxt_icmp.h). */
const ANY_ICMP_TYPE = 255;
