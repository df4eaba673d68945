/** What one program adds to a node's tables, and all of it as `iptables-save` would print it. */
import type { TableName } from "#expected/netfilter/hook.js";

export interface InstalledRules {
  /** Chains of its own. */
  readonly chains: readonly { readonly table: TableName; readonly name: string }[];
  /** In the order in which it installs them. */
  readonly rules: readonly InstalledRule[];
}

export interface InstalledRule {
  readonly table: TableName;
  readonly chain: string;
  /** Behind the chain's name: `-p tcp -m tcp --dport 80 -j ACCEPT`. */
  readonly text: string;
  /** `iptables -I CHAIN 1` or `-A CHAIN`. */
  readonly at: "first" | "last";
}

const BUILT_IN = {
  raw: ["PREROUTING", "OUTPUT"],
  mangle: ["PREROUTING", "INPUT", "FORWARD", "OUTPUT", "POSTROUTING"],
  nat: ["PREROUTING", "INPUT", "OUTPUT", "POSTROUTING"],
  filter: ["INPUT", "FORWARD", "OUTPUT"],
} as const satisfies Partial<Record<TableName, readonly string[]>>;

/** As `iptables-save` prints it once every program, in this order, has installed its rules. */
export function iptablesSaveText(programs: readonly InstalledRules[]): string {
  const tables = (["raw", "mangle", "nat", "filter"] as const).map((table) => {
    const chains = programs.flatMap((program) =>
      program.chains.filter((chain) => chain.table === table).map(({ name }) => name),
    );
    const lines = inOrder(
      programs.flatMap(({ rules }) => rules.filter((rule) => rule.table === table)),
    );
    return [
      `*${table}`,
      ...BUILT_IN[table].map((name) => `:${name} ACCEPT [0:0]`),
      ...[...new Set(chains)].map((name) => `:${name} - [0:0]`),
      ...lines.map(({ chain, text }) => `-A ${chain} ${text}`),
      "COMMIT",
    ];
  });
  return `${tables.flat().join("\n")}\n`;
}

/** Each chain's rules as they stand in it; what is put first stands in front of what is there. */
function inOrder(rules: readonly InstalledRule[]): readonly InstalledRule[] {
  const chains = new Map<string, { first: InstalledRule[]; last: InstalledRule[] }>();
  for (const rule of rules) {
    const chain = chains.get(rule.chain) ?? { first: [], last: [] };
    chains.set(rule.chain, chain);
    chain[rule.at].push(rule);
  }
  return [...chains.values()].flatMap(({ first, last }) => [...first.reverse(), ...last]);
}
