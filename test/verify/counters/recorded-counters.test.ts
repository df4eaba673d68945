/** Two snapshots of recorded cases: what their READMEs say that the rules counted. */
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { readEarlierRules } from "#cli/earlier-rules.js";
import { CURRENT_PORTMAP } from "#expected/rulesets/portmap.js";
import { AUTO } from "#verify/auto.js";
import { verifyCaptures } from "../../../src/pipeline.js";
import { statesOf } from "../../support/derived-topology.js";
import {
  capturesOf,
  NOTHING_GIVEN,
  portmapOf,
  topologyOf,
  track,
} from "../../support/verify-recorded.js";

const NOTRACK = "-A PREROUTING -p tcp -m tcp --dport 9000 -j NOTRACK";
const HOST_PORT = "-j DNAT --to-destination 10.233.1.2:8080";
const MASQUERADE = "-j MASQUERADE --random-fully";

// prettier-ignore
const ROWS = [
  { recorded: "hostport-counted",       at: "node1", rule: HOST_PORT,  packets: 15, connections: 15 },
  { recorded: "hostport-counted",       at: "node2", rule: MASQUERADE, packets: 3,  connections: 3 },
  { recorded: "broken-hostport-notrack", at: "node1", rule: NOTRACK,    packets: 15, connections: 15 },
];

async function countersOf(recorded: string) {
  const folder = fileURLToPath(new URL(`../../../captures/${recorded}`, import.meta.url));
  const topology = topologyOf(recorded);
  const { counters = [] } = await verifyCaptures(await track(capturesOf(recorded)), {
    scenario: AUTO,
    given: { ...NOTHING_GIVEN, topology },
    strict: false,
    portmap: portmapOf(topology.portmap ?? CURRENT_PORTMAP),
    states: statesOf(recorded),
    earlierRules: readEarlierRules(`${folder}/before`),
  });
  return counters;
}

test.each(ROWS)("$recorded: $at counts $packets at $rule", async (row) => {
  const counters = await countersOf(row.recorded);
  const found = counters.filter(({ at, rule }) => at === row.at && rule.text.endsWith(row.rule));
  const told = found
    .filter(({ connections }) => connections.length > 0)
    .map(({ packets, connections }) => [packets, connections.length]);
  expect(told).toEqual([[row.packets, row.connections]]);
});

test("what conntrack does not follow is not counted at the rule for the hostPort", async () => {
  const counters = await countersOf("broken-hostport-notrack");
  expect(counters.filter(({ rule }) => rule.text.endsWith(HOST_PORT))).toEqual([]);
});

test.each(["hostport-counted", "broken-hostport-notrack"])(
  "%s: nothing is missed, and nothing that the captures do not account for",
  async (recorded) => {
    const counters = await countersOf(recorded);
    const odd = counters.filter(({ verdict }) => verdict !== "as captured");
    expect(odd.filter(({ verdict }) => verdict !== "more than captured")).toEqual([]);
    const isDeciding = ({ rule }: (typeof odd)[number]): boolean =>
      ["dnat", "masquerade", "snat", "drop", "reject"].includes(rule.target.kind);
    expect(odd.filter(isDeciding).map(({ rule }) => rule.text)).toEqual([]);
  },
);
