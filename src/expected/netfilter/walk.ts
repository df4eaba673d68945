/** A packet on its way, and the hooks that it passes: tables, chains, rules. */
import type { Address } from "#net/address.js";
import type { Choices } from "./choices.js";
import { translatedEnd } from "./conntrack.js";
import { builtInChain, REWRITES_AT, STAGES_AT, type Hook, type TableName } from "./hook.js";
import { applyMark } from "./mark.js";
import { answerTo } from "./matches.js";
import type { NodeState } from "./node-state.js";
import type { Packet } from "./packet.js";
import { formatPredictedTuple, samePredictedTuple } from "./predicted-tuple.js";
import type { Chain, End, Rule } from "./rule.js";
import type { Disposition, Step } from "./trace.js";
import { keepUnique, translate, type NatTarget } from "./translate.js";

/** What one packet has behind it. The packet is replaced, never changed. */
export interface Walk {
  readonly node: NodeState;
  readonly choices: Choices;
  readonly steps: Step[];
  readonly assumptions: Set<string>;
  /** Ends that nat has settled: a loop through lo does not ask it twice. */
  readonly settled: Set<End>;
  packet: Packet;
  /** Of the route taken: the gateway, or the destination. */
  nextHop: Address;
  rulesTried: number;
  /** IPVS has had it, and does not look at it again. */
  isBalanced: boolean;
}

/** Where a packet's way ends. */
export interface Ending {
  readonly disposition: Disposition;
  readonly reason?: string;
  readonly rule?: Rule;
}

/** Chains inside chains; iptables-nft allows 16 (linux NFT_JUMP_STACK_SIZE), legacy as many as there are. */
const MAX_CHAIN_DEPTH = 64;
/** Rules that one packet is held against: chains can call each other more often than anyone waits. */
const MAX_RULES_TRIED = 1_000_000;
/** Rules that one packet matches; real ones match some dozens. */
const MAX_STEPS = 4000;

/** What IPVS makes of a packet at a hook. Undefined: the packet goes on. */
export type Balancer = (walk: Walk, hook: Hook) => Ending | undefined;

/** Every table of the hook in turn, and IPVS among them. Undefined: the packet goes on. */
export function passHook(walk: Walk, hook: Hook, balance: Balancer): Ending | undefined {
  for (const stage of STAGES_AT[hook]) {
    const ending = passStage(walk, { hook, stage, balance });
    if (ending) return ending;
  }
  return undefined;
}

function passStage(
  walk: Walk,
  {
    hook,
    stage,
    balance,
  }: { readonly hook: Hook; readonly stage: TableName | "ipvs"; readonly balance: Balancer },
): Ending | undefined {
  if (stage === "ipvs") return balance(walk, hook);
  return stage === "nat" ? passNat(walk, hook) : passTable(walk, { hook, table: stage });
}

/** nat asks its rules about a connection's first packet only; the others follow the entry. */
function passNat(walk: Walk, hook: Hook): Ending | undefined {
  const end = hook === "forward" ? undefined : REWRITES_AT[hook];
  const { state } = walk.packet.tracking;
  if (end === undefined || state === "invalid" || state === "untracked") return undefined;
  if (state !== "new") return followEntry(walk, { hook, end });
  if (walk.settled.has(end)) return undefined;
  const before = walk.packet.tracking.entry;
  const ending = passTable(walk, { hook, table: "nat" });
  if (ending) return ending;
  walk.settled.add(end);
  const isUntouched = before.reply === walk.packet.tracking.entry.reply;
  if (end === "source" && isUntouched) walk.packet = keepUnique(walk.packet, walk.node);
  return undefined;
}

function followEntry(walk: Walk, { hook, end }: { hook: Hook; end: End }): undefined {
  // A destination that IPVS has given is none that nat knows of.
  if (walk.isBalanced && end === "destination") return undefined;
  const { tuple: before, tracking } = walk.packet;
  const after = { ...before, [end]: translatedEnd(tracking, end) };
  if (samePredictedTuple(before, after)) return undefined;
  walk.packet = { ...walk.packet, tuple: after };
  walk.steps.push({ kind: "conntrack", hook, before, after });
  return undefined;
}

interface Place {
  readonly hook: Hook;
  readonly table: TableName;
}

function passTable(walk: Walk, place: Place): Ending | undefined {
  const name = builtInChain(place.hook);
  const chain = walk.node.rules.tables.get(place.table)?.get(name);
  if (chain === undefined) return undefined;
  const outcome = runChain(walk, { ...place, chain, depth: 1 });
  if (typeof outcome === "object") return outcome;
  if (outcome === "accept" || chain.policy !== "drop") return undefined;
  const { line } = chain;
  walk.steps.push({ kind: "policy", ...place, chain: name, line, verdict: "drop" });
  return { disposition: "dropped", reason: `policy of ${place.table} ${name}` };
}

interface ChainRun extends Place {
  readonly chain: Chain;
  readonly depth: number;
}

/** `return`: the chain has come to its end, and whoever jumped to it goes on. */
type ChainOutcome = "accept" | "return" | Ending;

function runChain(walk: Walk, run: ChainRun): ChainOutcome {
  if (run.depth > MAX_CHAIN_DEPTH) {
    return limit(run.chain, `chains nest deeper than ${MAX_CHAIN_DEPTH}`);
  }
  for (const rule of run.chain.rules) {
    walk.rulesTried++;
    if (walk.rulesTried > MAX_RULES_TRIED) {
      return limit(run.chain, `more than ${MAX_RULES_TRIED} rules tried`);
    }
    if (walk.steps.length > MAX_STEPS)
      return limit(run.chain, `more than ${MAX_STEPS} rules match`);
    const outcome = tryRule(walk, { ...run, rule });
    if (outcome !== "next") return outcome;
  }
  return "return";
}

function limit({ rules: [rule] }: Chain, reason: string): Ending {
  return { disposition: "unknown", reason, ...(rule && { rule }) };
}

interface RuleRun extends ChainRun {
  readonly rule: Rule;
}

function tryRule(walk: Walk, run: RuleRun): ChainOutcome | "next" {
  const { rule } = run;
  const asked = askAll(walk, run);
  if (asked === "no") return "next";
  if (asked !== "yes") return { disposition: "unknown", reason: asked.unknown, rule };
  return applyTarget(walk, run);
}

/**
 * All matches of a rule must say yes, so one that says no settles it, whatever is not known of the
 * others. A rule that decides nothing is never worth an unknown.
 */
function askAll(
  { packet, node, choices, assumptions }: Walk,
  { rule, hook }: RuleRun,
): "yes" | "no" | { readonly unknown: string } {
  let unknown: string | undefined;
  const assumed: string[] = [];
  const chances: number[] = [];
  for (const match of rule.matches) {
    const answer = answerTo(match, { packet, node, hook });
    if (answer.is === "no") return "no";
    if (answer.is === "unknown") unknown ??= answer.why;
    if (answer.is === "chance") chances.push(answer.probability);
    if (answer.is !== "assumed") continue;
    assumed.push(answer.assumption);
    if (answer.answer === "yes") continue;
    // Another match may still say no for certain, and then nothing was assumed.
    const rest = rule.matches.map((other) => answerTo(other, { packet, node, hook }));
    if (!rest.some(({ is }) => is === "no")) assumptions.add(answer.assumption);
    return "no";
  }
  if (unknown !== undefined) {
    return rule.target.kind === "no-effect" ? "no" : { unknown };
  }
  for (const assumption of assumed) assumptions.add(assumption);
  const happens = chances.every((chance) => choices.choose([chance, 1 - chance]) === 0);
  return happens ? "yes" : "no";
}

function applyTarget(walk: Walk, run: RuleRun): ChainOutcome | "next" {
  const { rule, table, depth } = run;
  const { target } = rule;
  switch (target.kind) {
    case "unmodelled":
      return { disposition: "unknown", reason: `target ${target.name} is not modelled`, rule };
    case "accept":
      noteStep(walk, run, walk.packet);
      return "accept";
    case "drop":
      noteStep(walk, run, walk.packet);
      return { disposition: "dropped", rule };
    case "reject":
      noteStep(walk, run, walk.packet);
      return { disposition: "rejected", ...(target.with && { reason: target.with }), rule };
    case "return":
      noteStep(walk, run, walk.packet);
      return "return";
    case "jump":
    case "goto": {
      noteStep(walk, run, walk.packet);
      const chain = walk.node.rules.tables.get(table)?.get(target.chain);
      if (chain === undefined) {
        const reason = `chain ${target.chain} is not in the file`;
        return { disposition: "unknown", reason, rule };
      }
      const outcome = runChain(walk, { ...run, chain, depth: depth + 1 });
      // What a chain leaves by its end comes back to the jump; behind a goto nothing does.
      return outcome === "return" && target.kind === "jump" ? "next" : outcome;
    }
    case "dnat":
    case "snat":
    case "masquerade":
    case "redirect":
      return applyNat(walk, run, target);
    case "mark":
    case "save-mark":
    case "restore-mark":
      noteStep(walk, run, applyMark(target, walk.packet));
      return "next";
    case "untrack": {
      const tracking = { ...walk.packet.tracking, state: "untracked" as const };
      noteStep(walk, run, { ...walk.packet, tracking });
      return "next";
    }
    case "no-effect":
      noteStep(walk, run, walk.packet);
      return "next";
  }
}

function applyNat(walk: Walk, run: RuleRun, target: NatTarget): ChainOutcome {
  const { node, choices, nextHop, packet } = walk;
  const result = translate(target, packet, { node, choices, nextHop, hook: run.hook });
  if (result.outcome === "no-address") {
    noteStep(walk, run, packet);
    return { disposition: "dropped", reason: result.reason, rule: run.rule };
  }
  noteStep(walk, run, result.packet);
  return "accept";
}

function noteStep(walk: Walk, { hook, table, chain, rule }: RuleRun, after: Packet): void {
  const { tuple: before, mark: markBefore } = walk.packet;
  refuseNonsense(rule, { before: walk.packet, after });
  const step = { hook, table, chain: chain.name, rule, before, after: after.tuple };
  walk.steps.push({ kind: "rule", ...step, markBefore, markAfter: after.mark });
  walk.packet = after;
}

/** Only nat rewrites, and each of its targets one end: anything else is a fault of the model. */
function refuseNonsense(
  { target, text }: Rule,
  { before, after }: { readonly before: Packet; readonly after: Packet },
): void {
  const kept = {
    source: before.tuple.source === after.tuple.source,
    destination: before.tuple.destination === after.tuple.destination,
  };
  const isDestinationNat = target.kind === "dnat" || target.kind === "redirect";
  const isSourceNat = target.kind === "snat" || target.kind === "masquerade";
  if ((kept.source || isSourceNat) && (kept.destination || isDestinationNat)) return;
  const tuples = [before, after].map(({ tuple }) => formatPredictedTuple(tuple));
  throw new Error(`${text} cannot make ${tuples.join(" into ")}`);
}
