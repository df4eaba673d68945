/** Rules in which the saved way of a connection differs from the intended one. */
import type { Rule } from "#expected/netfilter/rule.js";
import { stateOf, type Namespace } from "#expected/network/namespace.js";
import type { Network } from "#expected/network/network.js";
import type { Hop, Path } from "#expected/network/path.js";
import type { Attribution, MissingRuleCause, RuleCause } from "#verify/attribution.js";
import { effectOf, hasRule, plainName, plainText } from "./same-rule.js";
import { walkedRules, type WalkedRule } from "./walked-rules.js";

export interface TwoWays {
  readonly intended: Network;
  readonly configured: Network;
  /** The path that explains most of what was seen, by the intended rules. */
  readonly as: Path;
  /** The one by the saved rules. */
  readonly is: Path;
  /** Every path that the intended rules leave to chance. */
  readonly branches: readonly Path[];
}

/** The ones that the others follow from; what ends the packet's way first. */
export function ruleCauses(ways: TwoWays): readonly Attribution[] {
  const ending = endingRules(ways);
  const missing = missingRules(ways, ending);
  // What stands in front of the rules that end it is never met, so that it is missing says nothing.
  if (ending.some(({ text }) => text.startsWith("-A"))) return ending;
  return unique([...ending, ...addedRules(ways), ...missing]);
}

/** Rules and policies that drop or reject what the intended ones let through. */
function endingRules({ configured, is, as }: TwoWays): readonly RuleCause[] {
  if (is.end.kind === "dropped" || is.end.kind === "rejected") {
    if (as.end.kind === is.end.kind && as.end.rule?.text === is.end.rule?.text) return [];
    return endedBy(configured, { last: is.request.at(-1), packets: "request" });
  }
  const isAnswerLost = as.reply?.arrives !== undefined && is.reply?.arrives === undefined;
  const last = isAnswerLost ? is.reply?.hops.at(-1) : undefined;
  return endedBy(configured, { last, packets: "answer" });
}

/** Nothing where no rule did it: a route, a sysctl. */
export function endedBy(
  network: Network,
  { last, packets }: { readonly last: Hop | undefined; readonly packets: RuleCause["packets"] },
): readonly RuleCause[] {
  if (last === undefined) return [];
  const { namespace, trace } = last;
  const { disposition, rule, steps } = trace;
  if (disposition !== "dropped" && disposition !== "rejected") return [];
  const does = disposition === "dropped" ? "drops" : "rejects";
  if (rule) return [causeOf({ rule, namespace, does, packets })];
  const step = steps.at(-1);
  if (step?.kind !== "policy") return [];
  const { table, chain, line } = step;
  const file = stateOf(network, namespace)?.rules.file ?? "";
  const place = { at: whereOf(namespace), file, line, table, chain };
  return [{ kind: "rule", ...place, owner: "unknown", text: `:${chain} DROP`, does, packets }];
}

export function whereOf({ kind, name }: Namespace): string {
  return kind === "pod" ? `pod ${name}` : name;
}

function causeOf({
  rule: { file, line, table, chain, owner, text },
  namespace,
  does,
  packets,
}: {
  readonly rule: Rule;
  readonly namespace: Namespace;
  readonly does: RuleCause["does"];
  readonly packets: RuleCause["packets"];
}): RuleCause {
  const at = whereOf(namespace);
  return { kind: "rule", at, file, line, table, chain, owner, text, does, packets };
}

/**
 * Rules that give the packet its destination and are not the intended ones, though both lead to an
 * endpoint: what decides among several is in them.
 */
export function choiceCauses({ intended, configured, as, is }: TwoWays): readonly Attribution[] {
  const added = walkedRules(is)
    .filter(isDestinations)
    .flatMap(({ callers, namespace }) => {
      const rules = stateOf(intended, namespace)?.rules;
      const rule = rules && callers.find((one) => !hasRule(rules, one));
      return rule ? [causeOf({ rule, namespace, does: "is met", packets: "request" })] : [];
    });
  const missing = walkedRules(as)
    .filter(isDestinations)
    .flatMap(({ callers, namespace }) => {
      const rules = stateOf(configured, namespace)?.rules;
      const rule = rules && callers.find((one) => !hasRule(rules, one));
      return rules && rule ? [missingCause(rule, { namespace, file: rules.file })] : [];
    });
  return unique([...added, ...missing]);
}

const isDestinations = ({ step }: WalkedRule): boolean =>
  step.rule.target.kind === "dnat" || step.rule.target.kind === "redirect";

/** Rules that did something to the packet which no intended way does, or jumps that led to them. */
function addedRules({ intended, is, branches }: TwoWays): readonly RuleCause[] {
  const known = new Set(branches.flatMap(walkedRules).map(placedEffect));
  return walkedRules(is).flatMap((walked) => {
    const { namespace, callers, packets } = walked;
    if (!isDeciding(walked) || known.has(placedEffect(walked))) return [];
    const rules = stateOf(intended, namespace)?.rules;
    const first = rules && callers.find((rule) => !hasRule(rules, rule));
    return first ? [causeOf({ rule: first, namespace, does: "is met", packets })] : [];
  });
}

/** Intended rules that the saved files do not have, or jumps to them. */
function missingRules(
  { configured, as, is }: TwoWays,
  ending: readonly RuleCause[],
): readonly MissingRuleCause[] {
  const real = new Set(walkedRules(is).map(placedEffect));
  return walkedRules(as).flatMap((walked) => {
    const accepts = ending.some((policy) => isAcceptanceBefore(policy, walked));
    if (!accepts && (!isDeciding(walked) || real.has(placedEffect(walked)))) return [];
    const { namespace, callers } = walked;
    const rules = stateOf(configured, namespace)?.rules;
    const first = rules && callers.find((rule) => !hasRule(rules, rule));
    if (rules === undefined || first === undefined) return [];
    return [missingCause(first, { namespace, file: rules.file })];
  });
}

function missingCause(
  rule: Rule,
  { namespace, file }: { readonly namespace: Namespace; readonly file: string },
): MissingRuleCause {
  const { table, chain, owner } = rule;
  const isSidecars = namespace.kind === "pod" && owner === "unknown";
  return {
    kind: "missing rule",
    at: whereOf(namespace),
    file,
    table,
    chain: plainName(chain),
    owner: isSidecars ? "sidecar" : owner,
    text: plainText(rule),
  };
}

function placedEffect({ namespace: { kind, name }, step: { hook, rule } }: WalkedRule): string {
  return `${kind} ${name} ${hook} ${effectOf(rule)}`;
}

function isDeciding({ step }: WalkedRule): boolean {
  return DECIDING.has(step.rule.target.kind);
}

const DECIDING: ReadonlySet<Rule["target"]["kind"]> = new Set([
  "dnat",
  "snat",
  "masquerade",
  "redirect",
  "mark",
  "untrack",
  "drop",
  "reject",
]);

/** It would have let through what the policy of that chain then dropped. */
function isAcceptanceBefore(
  { at, table, chain, text, packets }: RuleCause,
  { namespace, step, callers: [outermost], packets: walked }: WalkedRule,
): boolean {
  if (packets !== walked) return false;
  const isThere = step.table === table && outermost.chain === chain && whereOf(namespace) === at;
  return text.startsWith(":") && isThere && step.rule.target.kind === "accept";
}

/** A rule that several packets or hooks met is one. */
function unique(causes: readonly Attribution[]): readonly Attribution[] {
  return [...new Map(causes.map((cause) => [keyOf(cause), cause])).values()];
}

function keyOf(cause: Attribution): string {
  return cause.kind === "rule" || cause.kind === "missing rule"
    ? `${cause.kind} ${cause.at} ${cause.table} ${cause.chain} ${cause.text}`
    : JSON.stringify(cause);
}
