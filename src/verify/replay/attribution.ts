/** Whether a node's own rules explain what was seen, where the intended ones do not. */
import type { Network } from "#expected/network/network.js";
import { followPaths } from "#expected/network/follow.js";
import type { Path } from "#expected/network/path.js";
import type { Rule } from "#expected/netfilter/rule.js";
import { predictedSightings } from "#expected/taps/predicted-sightings.js";
import { comparePath, distance, type Comparison } from "./compare.js";
import type { ReplayCase } from "./replay-case.js";

/** Sentences that lead from a connection that is not as intended to rules and settings. */
export function attribute(configured: Network, theCase: ReplayCase): readonly string[] {
  const { dial, flows, points, best } = theCase;
  const [nearest] = followPaths(configured, dial)
    .map((path) => comparePath(path, predictedSightings(configured, path), { flows, points }))
    .sort((a, b) => distance(a) - distance(b));
  if (!nearest) return [];
  const isNearer = distance(nearest) < distance(best);
  if (!isNearer && !isEndedOtherwise(nearest, best)) {
    return [distance(best) < UNEXPLAINED ? AS_INTENDED : unexplained(nearest)];
  }
  const found = [...differences(best.path, nearest.path), ...settings(configured, nearest.path)];
  return found.length > 0 ? [...new Set(found)] : [AS_SAVED];
}

/** A packet that a path does not explain weighs as much, see `distance`. */
const UNEXPLAINED = 100;

const AS_INTENDED =
  "by the saved rules it goes as intended, so they are not the cause: the server, an older " +
  "conntrack entry, or the way between the nodes is";

const AS_SAVED = "a node's routes, addresses or settings, as they were saved, explain it";

/** A connection that goes nowhere is as far from a path to a server as from one that ends early. */
function isEndedOtherwise({ path }: Comparison, best: Comparison): boolean {
  return path.end.kind !== best.path.end.kind && path.end.kind !== "delivered";
}

function differences(intended: Path, real: Path): readonly string[] {
  const expected = rulesOf(intended);
  const met = rulesOf(real);
  const added = met.filter((rule) => !has(expected, rule));
  const lost = expected.filter((rule) => !has(met, rule));
  // What ends the packet's way is the cause; that later rules are not met follows from it.
  if (real.end.kind !== "delivered") return endOf(real);
  return [
    ...added.map((rule) => `met, and not intended: ${describe(rule)}`),
    ...lost.map((rule) => `${rule.owner}'s rule is missing or not met: ${plain(rule.text)}`),
  ];
}

/** Settings that decide where a packet goes, and the value that the model takes for granted. */
const EXPECTED_SETTINGS = [
  ["net.ipv4.ip_forward", "1"],
  ["net.bridge.bridge-nf-call-iptables", "1"],
] as const;

function settings({ nodes }: Network, { request }: Path): readonly string[] {
  const names = new Set(request.map(({ namespace }) => namespace.name));
  return [...names].flatMap((name) =>
    EXPECTED_SETTINGS.flatMap(([key, expected]) => {
      const value = nodes.get(name)?.sysctls.get(key);
      return value === undefined || value === expected ? [] : [`${key} is ${value} on ${name}`];
    }),
  );
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
  return [`${end.kind} on ${end.namespace.name}: ${why ?? "no rule says why"}`];
}

/** Every rule that did something to the packet, hook by hook. */
function rulesOf({ request }: Path): readonly Rule[] {
  return request.flatMap(({ trace }) =>
    trace.steps.flatMap((step) =>
      step.kind === "rule" && DECIDING.has(step.rule.target.kind) ? step.rule : [],
    ),
  );
}

const DECIDING: ReadonlySet<Rule["target"]["kind"]> = new Set([
  "dnat",
  "snat",
  "masquerade",
  "redirect",
  "mark",
  "untrack",
]);

/** The same rule in another file: counters, comments and the names of hashed chains aside. */
function has(rules: readonly Rule[], { text }: Rule): boolean {
  return rules.some((rule) => plain(rule.text) === plain(text));
}

function plain(text: string): string {
  return text
    .replace(/-m comment --comment ("(?:[^"\\]|\\.)*"|\S+) ?/g, "")
    .replace(/\b(CNI(?:-[DS]N)?)-[0-9a-f]{16,}\b/g, "$1-…")
    .trim();
}

function describe({ file, line, owner, text }: Rule): string {
  return `${file}:${line} (${owner}) ${text}`;
}
