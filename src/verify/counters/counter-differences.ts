/** Counters of two snapshots against the connections that were captured in between. */
import type { Topology } from "#cluster/topology.js";
import { hasOwnNamespace } from "#expected/network/namespace.js";
import { podStateName } from "#expected/network/network.js";
import type { TableName } from "#expected/netfilter/hook.js";
import type { NodeState } from "#expected/netfilter/node-state.js";
import type { Rule, Ruleset } from "#expected/netfilter/rule.js";
import type { EpochNs } from "#net/types.js";
import type { CounterDifference, CounterVerdict } from "./counter-difference.js";
import { placeOf, type Meeting, type RuleMeetings } from "./rule-meetings.js";

export interface Snapshots {
  readonly topology: Topology;
  /** By the node's name. */
  readonly before: ReadonlyMap<string, Ruleset>;
  readonly after: ReadonlyMap<string, NodeState>;
  readonly met: readonly RuleMeetings[];
}

/** Rules that counted something, or that captured connections should have made count. */
export function counterDifferences(snapshots: Snapshots): readonly CounterDifference[] {
  return [...snapshots.after].flatMap(([name, { rules }]) => {
    const earlier = snapshots.before.get(name);
    if (earlier === undefined) return [];
    const at = namespaceOf(snapshots.topology, name);
    return differencesAt(at, { earlier, later: rules, met: snapshots.met });
  });
}

function namespaceOf({ pods }: Topology, name: string): Meeting["at"] {
  const pod = pods.find((one) => hasOwnNamespace(one) && podStateName(one.name) === name);
  return pod ? { kind: "pod", name: pod.name } : { kind: "node", name };
}

interface Pair {
  readonly earlier: Ruleset;
  readonly later: Ruleset;
  readonly met: readonly RuleMeetings[];
}

function differencesAt(
  at: Meeting["at"],
  { earlier, later, met }: Pair,
): readonly CounterDifference[] {
  const before = new Map(numbered(earlier).map(({ key, rule }) => [key, rule.counters?.packets]));
  const rises = numbered(later).map(({ key, rule }) => {
    const [was, is] = [before.get(key), rule.counters?.packets];
    return { rule, packets: was === undefined || is === undefined ? undefined : is - was };
  });
  // One that counts down was made anew, and with it all that its program restored at once.
  const anew = new Set<TableName>(
    rises.flatMap(({ rule, packets = 0 }) => (packets < 0 ? rule.table : [])),
  );
  const isSure = surelyBetween(earlier, later);
  return rises.flatMap(({ rule, packets }) => {
    const meetings = met.flatMap(({ connection, first, meetings: all }) => {
      const found = all.filter((one) => placeOf(one) === placeOf({ at, rule }));
      return found.map((one) => ({ ...one, connection, isSure: isSure(first) }));
    });
    const counted = anew.has(rule.table) ? undefined : packets;
    if (meetings.length === 0 && (counted === undefined || counted === 0)) return [];
    return [differenceOf({ at, rule, packets: counted, meetings })];
  });
}

/** The same text twice in a chain is two rules, the first one and the second. */
function numbered({ tables }: Ruleset): readonly { readonly key: string; readonly rule: Rule }[] {
  const times = new Map<string, number>();
  const rules = [...tables.values()].flatMap((chains) =>
    [...chains.values()].flatMap((chain) => chain.rules),
  );
  return rules.map((rule) => {
    const text = `${rule.table} ${rule.chain} ${rule.text}`;
    const time = (times.get(text) ?? 0) + 1;
    times.set(text, time);
    return { key: `${time} ${text}`, rule };
  });
}

const SECOND = 1_000_000_000n;

/**
 * Whether a packet of that time is between the two. The files say when they were saved in whole seconds and
 * without a zone: unless both are in UTC nothing is sure, and then nothing is missed either.
 */
function surelyBetween(
  { savedAt: from }: Ruleset,
  { savedAt: to }: Ruleset,
): (time: EpochNs) => boolean {
  if (from === undefined || to === undefined) return () => false;
  return (time) => time >= from + SECOND && time < to;
}

interface Counted {
  readonly at: Meeting["at"];
  readonly rule: Rule;
  readonly packets: number | undefined;
  readonly meetings: readonly (Meeting & {
    readonly connection: string;
    readonly isSure: boolean;
  })[];
}

function differenceOf({ at, rule, packets, meetings }: Counted): CounterDifference {
  const sure = meetings.filter(({ isSure }) => isSure);
  const atLeast = sure.reduce((sum, one) => sum + one.atLeast, 0);
  const isBounded = rule.table === "nat";
  const most = meetings.reduce((sum, one) => sum + (one.atMost ?? 0), 0);
  const expected = { atLeast, atMost: isBounded ? most : undefined };
  return {
    at: at.kind === "pod" ? `pod ${at.name}` : at.name,
    rule,
    packets,
    connections: [...new Set(meetings.map(({ connection }) => connection))],
    expected,
    verdict: verdictOf(packets, expected, meetings.length),
  };
}

function verdictOf(
  packets: number | undefined,
  { atLeast, atMost }: CounterDifference["expected"],
  meetings: number,
): CounterVerdict {
  if (packets === undefined) return "not comparable";
  if (packets < atLeast) return "fewer than captured";
  // Of a rule that counts every packet any captured connection may account for all of them.
  const isMore = atMost === undefined ? meetings === 0 : packets > atMost;
  return isMore ? "more than captured" : "as captured";
}
