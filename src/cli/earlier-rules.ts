/** `--state-before`: rules alone, saved before the captures, for what they have counted since. */
import { readFileSync } from "node:fs";
import type { Ruleset } from "#expected/netfilter/rule.js";
import { readIptablesSave } from "#expected/rulesets/iptables-save.js";
import { sanitize } from "#report/sanitize.js";
import type { EarlierRules } from "#verify/verify.js";
import { CannotCheck } from "./exit.js";
import { describeFileError } from "./inputs.js";
import { stateFiles, type StateFiles, type StateKind } from "./state-files.js";

/** @throws CannotCheck for a folder without rules, and for rules without counters. */
export function readEarlierRules(folder: string): EarlierRules {
  const files = stateFiles(folder);
  const rules = {
    ipv4: rulesIn(files, "iptables-save.txt"),
    ipv6: rulesIn(files, "ip6tables-save.txt"),
  };
  if (rules.ipv4.size + rules.ipv6.size > 0) return rules;
  throw new CannotCheck(
    `--state-before ${sanitize(folder)}: no file NODE.iptables-save.txt or NODE/iptables-save.txt in it\n` +
      "    try       iptables-save -c > NODE.iptables-save.txt on each node, before and after",
  );
}

function rulesIn(files: StateFiles, kind: StateKind): ReadonlyMap<string, Ruleset> {
  return new Map(
    [...files].flatMap(([node, kinds]) => {
      const file = kinds.get(kind);
      return file === undefined ? [] : [[node, withCounters(file)] as const];
    }),
  );
}

function withCounters(file: string): Ruleset {
  const rules = readIptablesSave({ file, text: textOf(file) });
  const all = [...rules.tables.values()].flatMap((chains) => [...chains.values()]);
  const first = all.flatMap((chain) => chain.rules)[0];
  if (first === undefined || first.counters !== undefined) return rules;
  throw new CannotCheck(
    `${sanitize(file)}: no counters in it\n    try       iptables-save -c, with -c`,
  );
}

function textOf(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw new CannotCheck(`${sanitize(file)}: ${describeFileError(error)}`);
  }
}
