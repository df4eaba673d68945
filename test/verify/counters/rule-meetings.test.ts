import { describe, expect, test } from "vitest";
import type { Path } from "#expected/network/path.js";
import type { Rule } from "#expected/netfilter/rule.js";
import type { Step } from "#expected/netfilter/trace.js";
import { readIptablesSave } from "#expected/rulesets/iptables-save.js";
import type { Journey } from "#observed/correlate/journey.js";
import { ruleMeetings } from "#verify/counters/rule-meetings.js";

const RULES = readIptablesSave({
  file: "node1.iptables-save.txt",
  text: `*filter
-A FORWARD -p tcp -j ACCEPT
COMMIT
*nat
-A PREROUTING -p tcp -j DNAT --to-destination 10.0.0.2:80
COMMIT
`,
});
const rules: readonly Rule[] = [...RULES.tables.values()].flatMap((chains) =>
  [...chains.values()].flatMap((chain) => chain.rules),
);

const END = { address: "10.0.0.1", port: 80 } as const;
const TUPLE = { protocol: "tcp", source: END, destination: END } as const;

/** A path through node1 that meets both rules; dropped packets leave no entry. */
function pathOf(outcome: "through" | "dropped"): Path {
  const steps = rules.map((rule): Step => ({
    kind: "rule",
    hook: "forward",
    table: rule.table,
    chain: rule.chain,
    rule,
    before: TUPLE,
    after: TUPLE,
    markBefore: 0,
    markAfter: 0,
  }));
  const entry = outcome === "through" ? { original: TUPLE, reply: TUPLE, mark: 0 } : undefined;
  return {
    dial: { from: { kind: "outside", address: "10.0.0.9" }, tuple: TUPLE },
    request: [{ namespace: { kind: "node", name: "node1" }, trace: { steps, entry } }],
    reply: undefined,
  } as unknown as Path;
}

/** With so many SYNs seen; 0 where its beginning was not captured. */
function journeyOf(protocol: "tcp" | "udp", syns: number): Journey {
  const connections = [{ first: 1n, directions: [{ syns }, { syns: 0 }] }];
  return { id: "c1", protocol, connections, joinedBy: undefined } as unknown as Journey;
}

// prettier-ignore
const ROWS = [
  { name: "once, at nat",                        protocol: "tcp", syns: 1, outcome: "through", seenAt: "node1", nat: "1 to 1", filter: "1 or more" },
  { name: "repeated and through: one entry",     protocol: "tcp", syns: 3, outcome: "through", seenAt: "node1", nat: "1 to 1", filter: "1 or more" },
  { name: "repeated and dropped: each anew",     protocol: "tcp", syns: 3, outcome: "dropped", seenAt: "node1", nat: "1 to 3", filter: "1 or more" },
  { name: "begun before the capture",            protocol: "tcp", syns: 0, outcome: "through", seenAt: "node1", nat: "0 to 1", filter: "0 or more" },
  { name: "datagrams may be of an older entry",  protocol: "udp", syns: 0, outcome: "through", seenAt: "node1", nat: "0 to 1", filter: "0 or more" },
  { name: "not captured on that node",           protocol: "tcp", syns: 1, outcome: "through", seenAt: "node2", nat: "0 to 1", filter: "0 or more" },
] as const;

describe("how often a connection makes a rule count", () => {
  test.each(ROWS)("$name", ({ protocol, syns, outcome, seenAt, nat, filter }) => {
    const met = { journey: journeyOf(protocol, syns), seenAt: new Set([seenAt]) };
    const found = ruleMeetings(met, [pathOf(outcome)])?.meetings ?? [];
    const told = found.map(({ rule, atLeast, atMost }) => [
      rule.table,
      atMost === undefined ? `${atLeast} or more` : `${atLeast} to ${atMost}`,
    ]);
    expect(Object.fromEntries(told)).toEqual({ nat, filter });
  });
});
