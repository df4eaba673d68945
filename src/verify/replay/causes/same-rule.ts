/** Whether two files have the same rule, however it is written and whatever it comments. */
import type { Rule, Ruleset } from "#expected/netfilter/rule.js";

/** True when the ruleset has a rule of the same chain that asks and does the same. */
export function hasRule(ruleset: Ruleset, rule: Rule): boolean {
  return findRule(ruleset, rule) !== undefined;
}

/** The first rule of the same chain that asks and does the same. */
export function findRule({ tables }: Ruleset, rule: Rule): Rule | undefined {
  const key = keyOf(rule);
  const name = plainName(rule.chain);
  for (const chain of tables.get(rule.table)?.values() ?? []) {
    if (plainName(chain.name) !== name) continue;
    const found = chain.rules.find((other) => keyOf(other) === key);
    if (found) return found;
  }
  return undefined;
}

/** Matches in any order: their order decides nothing. */
function keyOf({ table, chain, matches, target }: Rule): string {
  const asked = matches.map((match) => JSON.stringify(match)).sort();
  return plainName(JSON.stringify([table, chain, asked, target]));
}

/** What it does, wherever it stands: a masquerade is one, whoever wrote it. */
export function effectOf({ table, target }: Rule): string {
  const { kind } = target;
  return kind === "masquerade" ? `${table} ${kind}` : `${table} ${JSON.stringify(target)}`;
}

/** The CNI's chains have hashes of container ids in their names, which nobody can foretell. */
export function plainName(text: string): string {
  return text.replace(/\b(CNI(?:-[DS]N)?)-[0-9a-f]{16,}\b/g, "$1-…");
}

/** As its owner writes it, without comment and hash. */
export function plainText({ text }: Rule): string {
  return plainName(text.replace(/-m comment --comment ("(?:[^"\\]|\\.)*"|\S+) ?/g, "")).trim();
}
