/** The rules that a packet met on its way, each with the jumps that led to it. */
import type { Rule } from "#expected/netfilter/rule.js";
import type { RuleStep, Step } from "#expected/netfilter/trace.js";
import type { Hop, Path } from "#expected/network/path.js";

export interface WalkedRule {
  readonly namespace: Hop["namespace"];
  readonly step: RuleStep;
  /** From the built-in chain down to the rule itself. */
  readonly callers: readonly [...Rule[], Rule];
  readonly packets: "request" | "answer";
}

export function walkedRules({ request, reply }: Path): readonly WalkedRule[] {
  return [
    ...request.flatMap((hop) => rulesOfHop(hop, "request")),
    ...(reply?.hops ?? []).flatMap((hop) => rulesOfHop(hop, "answer")),
  ];
}

function rulesOfHop(
  { namespace, trace: { steps } }: Hop,
  packets: WalkedRule["packets"],
): readonly WalkedRule[] {
  return steps.flatMap((step, at) =>
    step.kind === "rule" ? [{ namespace, step, callers: callersOf(steps, at, step), packets }] : [],
  );
}

function callersOf(
  steps: readonly Step[],
  at: number,
  { rule, hook, table }: RuleStep,
): WalkedRule["callers"] {
  let { chain } = rule;
  const callers: Rule[] = [];
  for (const step of steps.slice(0, at).reverse()) {
    if (step.kind !== "rule" || step.hook !== hook || step.table !== table) continue;
    const { target } = step.rule;
    const isCaller = (target.kind === "jump" || target.kind === "goto") && target.chain === chain;
    if (!isCaller) continue;
    callers.unshift(step.rule);
    ({ chain } = step.rule);
  }
  return [...callers, rule];
}

export function isTranslation({ step }: WalkedRule): boolean {
  return TRANSLATIONS.has(step.rule.target.kind);
}

const TRANSLATIONS: ReadonlySet<Rule["target"]["kind"]> = new Set([
  "dnat",
  "snat",
  "masquerade",
  "redirect",
]);
