/** `--state-before`: rules alone, saved before the captures, for what they have counted since. */
import type { Ruleset } from "#expected/netfilter/rule.js";
import { readIptablesSave } from "#expected/rulesets/iptables-save.js";
import { sanitize } from "#report/sanitize.js";
import type { EarlierRules } from "#verify/verify-input.js";
import type { SavedFile } from "./bundle/saved-file.js";
import type { StateFiles } from "./bundle/state-file-map.js";
import type { StateKind } from "./bundle/state-kind.js";
import { CannotCheck } from "./exit.js";
import { stateFiles } from "./state-files.js";

/** @throws CannotCheck for a folder without rules, and for rules without counters. */
export function readEarlierRules(folder: string): EarlierRules {
  const rules = earlierRulesIn(stateFiles(folder));
  if (rules) return rules;
  throw new CannotCheck(
    `--state-before ${sanitize(folder)}: no file NODE.iptables-save.txt or NODE/iptables-save.txt in it\n` +
      "    try       iptables-save -c > NODE.iptables-save.txt on each node, before and after",
  );
}

/**
 * Undefined where there is none.
 * @throws CannotCheck for rules without counters.
 */
export function earlierRulesIn(files: StateFiles): EarlierRules | undefined {
  const rules = {
    ipv4: rulesIn(files, "iptables-save.txt"),
    ipv6: rulesIn(files, "ip6tables-save.txt"),
  };
  return rules.ipv4.size + rules.ipv6.size > 0 ? rules : undefined;
}

function rulesIn(files: StateFiles, kind: StateKind): ReadonlyMap<string, Ruleset> {
  return new Map(
    [...files].flatMap(([node, kinds]) => {
      const file = kinds.get(kind);
      return file ? [[node, withCounters(file)] as const] : [];
    }),
  );
}

function withCounters({ file, read }: SavedFile): Ruleset {
  const rules = readIptablesSave({ file, text: read() });
  const all = [...rules.tables.values()].flatMap((chains) => [...chains.values()]);
  const first = all.flatMap((chain) => chain.rules)[0];
  if (first === undefined || first.counters !== undefined) return rules;
  throw new CannotCheck(
    `${sanitize(file)}: no counters in it\n    try       iptables-save -c, with -c`,
  );
}
