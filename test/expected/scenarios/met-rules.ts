/** Whether a packet met the rules that its row names, in their order. */
import type { Path } from "#expected/network/path.js";
import type { PathRow } from "#expected/scenarios/path-row.js";
import type { Situation } from "#expected/scenarios/situation.js";
import type { Followed } from "./follow-all.js";

interface NamedRule {
  readonly written: string;
  readonly table: string;
  readonly chain: string;
  readonly target: string;
}

/** `nat KUBE-SVC-…  -m statistic … -j KUBE-SEP-…`; a node's own names end in an ellipsis. */
const WRITTEN = /(raw|mangle|nat|filter) (\S+)\s.*-j (\S+)/;

/** Those that a rule's text says do not match this packet are there to explain. */
const UNMET = /\(not (this|the first)/;

function readRule(written: string): NamedRule | undefined {
  const [, table = "", chain = "", target = ""] = WRITTEN.exec(written) ?? [];
  return table === "" ? undefined : { written, table, chain, target };
}

function isNamed(name: string, pattern: string): boolean {
  return pattern.endsWith("…") ? name.startsWith(pattern.slice(0, -1)) : name === pattern;
}

/** Rules that rows name and no generator writes. */
export const NOT_GENERATED: ReadonlyMap<string, string> = new Map([
  ["ISTIO_OUTPUT", "it asks which process sends, which the model does not know"],
]);

/** Rows are written for flannel where they name its chain. */
const OF_FLANNEL = /FLANNEL-POSTRTG/;

function isExpected(written: string, situation: Situation): boolean {
  if (UNMET.test(written)) return false;
  if ([...NOT_GENERATED.keys()].some((chain) => written.includes(chain))) return false;
  return situation.masquerader === "flannel" || !OF_FLANNEL.test(written);
}

/** The first rule that the packet did not meet behind those before it. */
export function unmetRule(
  { path: { request }, situation }: Followed,
  { rules }: PathRow,
): string | undefined {
  const met = request.flatMap(({ trace }) => trace.steps.filter(({ kind }) => kind === "rule"));
  let from = 0;
  for (const written of rules.filter((rule) => isExpected(rule, situation))) {
    const rule = readRule(written);
    if (rule === undefined) return `cannot be read: ${written}`;
    const at = met.findIndex((step, index) => index >= from && isRule(step, rule));
    if (at < 0) return rule.written;
    from = at + 1;
  }
  return undefined;
}

function isRule(
  step: Path["request"][number]["trace"]["steps"][number],
  named: NamedRule,
): boolean {
  if (step.kind !== "rule" || step.table !== named.table) return false;
  const target = /-j (\S+)/.exec(step.rule.text)?.[1] ?? "";
  return isNamed(step.chain, named.chain) && isNamed(target, named.target);
}
