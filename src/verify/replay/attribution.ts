/** Whether a node's own rules explain what was seen, where the intended ones do not. */
import type { Network } from "#expected/network/network.js";
import { followPaths } from "#expected/network/follow.js";
import type { Path } from "#expected/network/path.js";
import type { Rule } from "#expected/netfilter/rule.js";
import { predictedSightings } from "#expected/taps/predicted-sightings.js";
import { comparePath, distance, type Comparison } from "./compare.js";
import type { ReplayCase } from "./replay-case.js";

/**
 * Sentences that lead from a failure to rules; none where the rules as they were saved are no more
 * like what was seen than the intended ones.
 */
export function attribute(configured: Network, theCase: ReplayCase): readonly string[] {
  const { dial, flows, points, best } = theCase;
  const [nearest] = followPaths(configured, dial)
    .map((path) => comparePath(path, predictedSightings(configured, path), { flows, points }))
    .sort((a, b) => distance(a) - distance(b));
  if (!nearest) return [];
  if (distance(nearest) >= distance(best)) return [unexplained(nearest)];
  const intended = rulesOf(best.path);
  const real = rulesOf(nearest.path);
  const added = real.filter((rule) => !has(intended, rule));
  const lost = intended.filter((rule) => !has(real, rule));
  return [
    ...added.map((rule) => `${describe(rule)} is met, and should not be`),
    ...lost.map((rule) => `${rule.owner}'s rule is not met: ${rule.text}`),
    ...(nearest.path.end.kind === "delivered" ? [] : endOf(nearest.path)),
  ];
}

function unexplained({ path }: Comparison): string {
  const end = path.end.kind === "delivered" ? "delivered as intended" : path.end.kind;
  return (
    `the saved rules do not explain it either (by them it is ${end}): an older conntrack entry, ` +
    "another node, or rules that changed since"
  );
}

function endOf({ end }: Path): readonly string[] {
  if (end.kind === "delivered") return [];
  const why = end.rule ? describe(end.rule) : end.reason;
  return why === undefined ? [] : [`${end.kind} on ${end.namespace.name} by ${why}`];
}

/** Every rule that the packet met in the end, hook by hook. */
function rulesOf({ request, end }: Path): readonly Rule[] {
  const met = request.flatMap(({ trace }) =>
    trace.steps.flatMap((step) => (step.kind === "rule" ? step.rule : [])),
  );
  const last = end.kind === "delivered" ? undefined : end.rule;
  return last ? [...met, last] : met;
}

/** The same rule in another file: counters, comments and the names of hashed chains aside. */
function has(rules: readonly Rule[], { chain, text }: Rule): boolean {
  return rules.some((rule) => rule.chain === chain && plain(rule.text) === plain(text));
}

function plain(text: string): string {
  return text.replace(/-m comment --comment ("(?:[^"\\]|\\.)*"|\S+) ?/g, "").trim();
}

function describe({ file, line, owner, text }: Rule): string {
  return `${file}:${line} (${owner}) ${text}`;
}
