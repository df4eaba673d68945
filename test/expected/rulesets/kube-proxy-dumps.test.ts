/**
 * The rules that kube-proxy v1.28.7 wrote for the Services of its own tests, and ours for the same:
 * rule by rule, as the reader understands both. How an option is written and where it stands in its
 * rule differ, for the Go tests hold what kube-proxy hands over and not what iptables-save prints.
 */
import { describe, expect, test } from "vitest";
import type { Rule, Target } from "#expected/netfilter/rule.js";
import { readIptablesSave } from "#expected/rulesets/iptables-save.js";
import { generatedRules, readFlowFiles } from "../../support/kube-proxy-flows.js";

/** Services come in the order of a Go map, and so do their rules in these. */
const UNORDERED: ReadonlySet<string> = new Set([
  "KUBE-SERVICES",
  "KUBE-NODEPORTS",
  "KUBE-EXTERNAL-SERVICES",
  "KUBE-PROXY-FIREWALL",
]);

/** Never in the Go tests, which do not watch for a flush. */
const CANARY = "KUBE-PROXY-CANARY";

const files = readFlowFiles().flatMap((file) => {
  const generated = generatedRules(file);
  return generated === undefined ? [] : [{ ...file, generated }];
});

describe.skipIf(files.length === 0)("kube-proxy's dumps", () => {
  test.each(files)("$name: the same chains with the same rules", (file) => {
    expect(chains(file.generated)).toEqual(chains(file.iptablesSave));
  });

  test("as figures", () => {
    const counts = files.map((file) => {
      const ours = new Set([...chains(file.generated)].flatMap(([, rules]) => rules));
      const theirs = [...chains(file.iptablesSave)].flatMap(([, rules]) => rules);
      return { all: theirs.length, same: theirs.filter((rule) => ours.has(rule)).length };
    });
    const all = counts.reduce((sum, count) => sum + count.all, 0);
    const same = counts.reduce((sum, count) => sum + count.same, 0);
    process.stderr.write(
      `kube-proxy dumps: ${same} of ${all} rules identical in ${files.length} files\n`,
    );
    expect(same).toBe(all);
    expect(files).toHaveLength(42);
  });
});

/** By `table chain`; in sorted text where the order means nothing. */
function chains(text: string): ReadonlyMap<string, readonly string[]> {
  const { tables } = readIptablesSave({ file: "rules", text });
  const found = [...tables].flatMap(([table, inTable]) =>
    [...inTable.values()].map(({ name, rules }) => ({ name, key: `${table} ${name}`, rules })),
  );
  return new Map(
    found
      .filter(
        ({ name, rules }) => name !== CANARY && (rules.length > 0 || name.startsWith("KUBE-")),
      )
      .map(({ name, key, rules }): [string, readonly string[]] => {
        const texts = rules.map(meaning);
        return [key, UNORDERED.has(name) ? texts.sort() : texts];
      })
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}

function meaning({ table, chain, comment, matches, target }: Rule): string {
  const asked = matches.map((match) => JSON.stringify(match, digits)).sort();
  return JSON.stringify([table, chain, comment, asked, answered(target)]);
}

/** What REJECT answers when it is not told, iptables-save prints. */
function answered(target: Target): Target {
  return target.kind === "reject" ? { ...target, with: target.with ?? DEFAULT_REFUSAL } : target;
}

const DEFAULT_REFUSAL = "icmp-port-unreachable";

/** kube-proxy writes ten digits of a chance, and iptables-save what 31 bits make of them. */
function digits(key: string, value: unknown): unknown {
  return key === "probability" ? Number(value).toFixed(8) : value;
}
