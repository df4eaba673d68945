/**
 * Recorded cases judged by the topology that nodes' own state gives, against the verdicts under the one that
 * says what they were: a fault may become a doubt, never a pass, and health may become a doubt, never a fault.
 */
import { expect, test } from "vitest";
import type { Topology } from "#cluster/topology.js";
import { AUTO } from "#verify/auto.js";
import type { Report, Verdict } from "#verify/report.js";
import { CURRENT_PORTMAP, portmapBehaviour } from "#expected/rulesets/portmap.js";
import { verifyCaptures } from "../../src/pipeline.js";
import { CASES_WITH_STATE, derivedOf, statesOf } from "../support/derived-topology.js";
import { IS_FULL } from "../support/replay-cases.js";
import {
  capturesOf,
  NOTHING_GIVEN,
  topologyOf,
  track,
  type NamedCapture,
} from "../support/verify-recorded.js";

/** Thousands of packets that other tests read; what they would add here is time. */
const LARGE = /^(mixed-load|recut|nodeport-200)/;
const CASES = CASES_WITH_STATE.filter((recorded) => !LARGE.test(recorded));

interface Judged {
  readonly told: Report;
  readonly derived: Report;
}

async function judged(recorded: string, captures: readonly NamedCapture[]): Promise<Judged> {
  const portmap = portmapBehaviour(CURRENT_PORTMAP);
  if (portmap === undefined) throw new Error("no portmap");
  const tracked = await track(captures);
  const under = (topology: Topology): Promise<Report> =>
    verifyCaptures(tracked, {
      scenario: AUTO,
      strict: false,
      portmap,
      given: { ...NOTHING_GIVEN, topology },
      states: statesOf(recorded),
    });
  return { told: await under(topologyOf(recorded)), derived: await under(derivedOf(recorded)) };
}

/** `c3: fail, now pass`, for each that was decided and is decided otherwise. */
function turned({ told, derived }: Judged): readonly string[] {
  const now = new Map(derived.connections.map(({ id, verdict }) => [id, verdict]));
  return told.connections.flatMap(({ id, verdict }) => {
    const other = now.get(id) ?? "not applicable";
    return isTurned(verdict, other) ? [`${id}: ${verdict}, now ${other}`] : [];
  });
}

/** One that was not answered must not fall out of the verdict; a program on a node may. */
function isTurned(told: Verdict, derived: Verdict): boolean {
  if (told === "fail") return derived === "pass" || derived === "not applicable";
  return derived === "fail";
}

/** Whole verdicts that are others. */
// prettier-ignore
const OTHERWISE: Readonly<Record<string, readonly [derived: Report["verdict"], why: string]>> = {
  "broken-clusterip-other-endpoint":       ["inconclusive", "nodes do not agree on the endpoints"],
  "broken-docker-published-held-port":     ["inconclusive", "which port was published no rule says"],
  "broken-docker-published-no-dnat":       ["inconclusive", "which port was published no rule says"],
  "broken-docker-published-through-proxy": ["inconclusive", "which port was published no rule says"],
  "broken-externalip-not-handled":         ["inconclusive", "nothing on the node shows the externalIP"],
  "broken-hostnetwork-nothing-listening":  ["inconclusive", "what listens on a node stands in no rule"],
  "broken-nodeport-local-as-cluster":      ["inconclusive", "a chain of policy Local that nothing leads to"],
  "broken-session-affinity":               ["pass", "no rule shows affinity: each connection is healthy under what is left"],
  "broken-sidecar-bypassed":               ["pass", "the pod's own rules, and with them every trace of a sidecar, are gone"],
  "loadbalancer-proxy":                    ["inconclusive", "that the balancer ends connections itself no state says"],
  "no-network":                            ["inconclusive", "a container without a network stands in no rule"],
};

const turnedIn: string[] = [];

test.each(CASES)("%s: the same answer, or a doubt", async (recorded) => {
  const both = await judged(recorded, capturesOf(recorded));
  turnedIn.push(...turned(both).map((one) => `${recorded} ${one}`));
  const [expected] = OTHERWISE[recorded] ?? [both.told.verdict];
  expect(both.derived.verdict).toBe(expected);
});

test("no connection is turned from a fault to health or back", () => {
  expect(turnedIn).toEqual([]);
});

test("every verdict says that nobody told what was intended", async () => {
  const { derived } = await judged("nodeport-cluster", capturesOf("nodeport-cluster"));
  expect(derived.assumptions[0]).toBe(
    "nobody told what was intended: Services, hostPorts and pods are those that the rules of node1, node2 show",
  );
});

/** What tools collect: a capture in a pod, or of all interfaces of a node, each alone. */
const ALONE = ["pod-p1a.eth0", "node1.any"];
/** Each of a third of the cases, a third of its own. */
const PARTS = ALONE.map((point, part) => ({
  point,
  cases: CASES.filter((_, at) => IS_FULL || at % 3 === part),
}));

test.each(PARTS)(
  "$point alone accuses no healthy connection, and clears no broken one",
  async ({ point, cases }) => {
    const wrong: string[] = [];
    for (const recorded of cases) {
      const captures = capturesOf(recorded).filter((capture) => capture.point === point);
      if (captures.length === 0) continue;
      const both = await judged(recorded, captures);
      wrong.push(...turned(both).map((one) => `${recorded} ${one}`));
    }
    expect(wrong).toEqual([]);
  },
);
