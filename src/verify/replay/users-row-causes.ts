/** What a failure comes from where the rules that programs write do what was seen, and a user's row not. */
import type { RuleStep } from "#expected/netfilter/trace.js";
import { samePredictedTuple } from "#expected/netfilter/predicted-tuple.js";
import type { Attribution } from "#verify/attribution.js";
import { distance } from "./compare.js";
import type { ReplayCase } from "./replay-case.js";

/** A stretch between two points is narrowed to the rules that translate; whatever else is sure stays. */
export function causesByRow(
  causes: readonly Attribution[],
  { byRow, best }: ReplayCase,
): readonly Attribution[] {
  if (!byRow || distance(byRow.model) >= distance(best)) return causes;
  const rules = rulesOf(byRow.model.path);
  return causes.map((cause) =>
    cause.kind === "path" && rules.length > 0
      ? { ...cause, candidates: rules, collect: [] }
      : cause,
  );
}

type ModelPath = NonNullable<ReplayCase["byRow"]>["model"]["path"];

function rulesOf({ request, end }: ModelPath): readonly string[] {
  const translating = request.flatMap(({ namespace, trace }) =>
    trace.steps
      .filter((step): step is RuleStep => step.kind === "rule")
      .filter(({ before, after }) => !samePredictedTuple(before, after))
      .map(({ table, rule }) => describeRule(namespace.name, table, rule.text)),
  );
  const ending =
    end.kind !== "delivered" && end.rule
      ? [describeRule(end.namespace.name, end.rule.table, end.rule.text)]
      : [];
  return [...translating, ...ending];
}

function describeRule(node: string, table: string, text: string): string {
  return `${node}: a rule that its programs are meant to write, in ${table}: ${text}`;
}
