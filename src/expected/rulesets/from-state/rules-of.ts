import type { TableName } from "#expected/netfilter/hook.js";
import type { Rule, Ruleset } from "#expected/netfilter/rule.js";

/** The rules of a chain; none where the table or the chain is not there. */
export function rulesOf(ruleset: Ruleset, table: TableName, chain: string): readonly Rule[] {
  return ruleset.tables.get(table)?.get(chain)?.rules ?? [];
}

export function hasChain({ tables }: Ruleset, table: TableName, chain: string): boolean {
  return tables.get(table)?.has(chain) ?? false;
}

/** Names of a table's chains that begin so, as the file declares them. */
export function chainsCalled(
  { tables }: Ruleset,
  { table, prefix }: { readonly table: TableName; readonly prefix: string },
): readonly string[] {
  return [...(tables.get(table)?.keys() ?? [])].filter((name) => name.startsWith(prefix));
}
